package dev.cxr.reproduction;

import dev.cxr.common.command.CliApplication;
import dev.cxr.reproduction.cli.CollectCommand;
import dev.cxr.reproduction.cli.ResultsCommand;
import picocli.CommandLine.Command;

/** Starts the commands of cxr-reproduction. */
@Command(
    name = "cxr-reproduction",
    description = "Collects evaluations and generates RESULTS.md.",
    subcommands = {CollectCommand.class, ResultsCommand.class})
public final class Main extends CliApplication {

  /**
   * Runs the command that the arguments name; {@code results} by default.
   *
   * @param arguments the command, its options and parameters
   */
  public static void main(String... arguments) {
    main(new Main(), arguments);
  }

  @Override
  protected String defaultCommand() {
    return "results";
  }
}
