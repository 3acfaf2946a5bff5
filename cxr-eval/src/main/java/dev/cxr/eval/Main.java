package dev.cxr.eval;

import dev.cxr.common.command.CliApplication;
import dev.cxr.eval.cli.CalibrateCommand;
import dev.cxr.eval.cli.CompareCommand;
import dev.cxr.eval.cli.EvaluateCommand;
import dev.cxr.eval.cli.ExplainCommand;
import dev.cxr.eval.cli.KnnCommand;
import dev.cxr.eval.cli.QuantizeCommand;
import java.util.Map;
import picocli.CommandLine.Command;

/** Starts the commands of cxr-eval. */
@Command(
    name = "cxr-eval",
    description = "Evaluate, compare, explain and calibrate trained models.",
    subcommands = {
      EvaluateCommand.class,
      ExplainCommand.class,
      KnnCommand.class,
      CalibrateCommand.class,
      QuantizeCommand.class,
      CompareCommand.class
    })
public final class Main extends CliApplication {

  /**
   * Runs a command, and exits with its exit code.
   *
   * @param arguments command, by default {@code evaluate}, and options
   */
  public static void main(String... arguments) {
    main(new Main(), arguments);
  }

  @Override
  protected String defaultCommand() {
    return "evaluate";
  }

  @Override
  public Map<String, String> renamed() {
    return Map.of(
        "index", "knn",
        "--no-robustness", "--quick",
        "--apart", "--separate-sources",
        "--sides", "--classes-present",
        "--over", "--features");
  }
}
