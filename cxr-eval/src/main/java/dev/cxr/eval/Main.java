package dev.cxr.eval;

import dev.cxr.common.cli.CliApplication;
import picocli.CommandLine.Command;

/** Starts the commands of cxr-eval. */
@Command(
    name = "cxr-eval",
    description = "How good a trained model is, and how sure that is.",
    subcommands = {
      EvaluateCommand.class,
      ExplainCommand.class,
      IndexCommand.class,
      CalibrateCommand.class,
      CompareCommand.class,
      CollectCommand.class,
      ResultsCommand.class
    })
public final class Main extends CliApplication {

  /** Runs the command that the arguments name; {@code evaluate} by default. */
  public static void main(String... arguments) {
    main(new Main(), arguments);
  }

  @Override
  protected String defaultCommand() {
    return "evaluate";
  }
}
