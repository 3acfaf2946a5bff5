package dev.cxr.models;

import dev.cxr.common.command.CliApplication;
import dev.cxr.models.cli.ListCommand;
import dev.cxr.models.cli.SummaryCommand;
import picocli.CommandLine.Command;

/** Starts the commands of cxr-models. */
@Command(
    name = "cxr-models",
    description = "The network architectures and their layers.",
    subcommands = {ListCommand.class, SummaryCommand.class})
public final class Main extends CliApplication {

  /**
   * Runs the command that the arguments name; {@code list} by default.
   *
   * @param arguments of the command line
   */
  public static void main(String... arguments) {
    main(new Main(), arguments);
  }

  @Override
  protected String defaultCommand() {
    return "list";
  }
}
