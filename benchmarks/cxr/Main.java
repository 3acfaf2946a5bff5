package dev.cxr.benchmarks;

import dev.cxr.data.shell.Shell;
import picocli.CommandLine.Command;

/** What the benchmarks ask of cxr and its own commands do not measure. */
@Command(
    name = "cxr-benchmarks",
    description = "What peers.py and curves.py ask of cxr; they call it.",
    subcommands = {
      WeightsCommand.class,
      InferenceCommand.class,
      RepeatCommand.class,
      OpenCommand.class
    })
public final class Main extends Shell {

  /** Runs the command that the arguments name; {@code inference} by default. */
  public static void main(String... arguments) {
    main(new Main(), arguments);
  }

  @Override
  protected String defaultCommand() {
    return "inference";
  }
}
