package dev.cxr.benchmarks;

import dev.cxr.common.command.CliApplication;
import picocli.CommandLine.Command;

/** Measurements that cxr's own commands do not offer. */
@Command(
    name = "cxr-benchmarks",
    description = "Measurements for the Python scripts, which call this program.",
    subcommands = {
      WeightsCommand.class,
      InferenceCommand.class,
      OnnxCommand.class,
      PeakCommand.class,
      RepeatCommand.class,
      OpenCommand.class
    })
public final class Main extends CliApplication {

  /** Runs the command that the arguments name; {@code inference} by default. */
  public static void main(String... arguments) {
    main(new Main(), arguments);
  }

  @Override
  protected String defaultCommand() {
    return "inference";
  }
}
