package dev.cxr.serve;

import dev.cxr.common.cli.CliApplication;
import dev.cxr.serve.cli.LoadTestCommand;
import dev.cxr.serve.cli.PackageCommand;
import dev.cxr.serve.cli.PredictCommand;
import dev.cxr.serve.cli.ServeCommand;
import picocli.CommandLine.Command;

/** Starts the commands of cxr-serve. */
@Command(
    name = "cxr-serve",
    description = "A bundle behind the HTTP API of DJL Serving.",
    subcommands = {
      ServeCommand.class,
      PackageCommand.class,
      PredictCommand.class,
      LoadTestCommand.class
    })
public final class Main extends CliApplication {

  /** Runs the command that the arguments name; {@code run} by default. */
  public static void main(String... arguments) {
    main(new Main(), arguments);
  }

  @Override
  protected String defaultCommand() {
    return "run";
  }
}
