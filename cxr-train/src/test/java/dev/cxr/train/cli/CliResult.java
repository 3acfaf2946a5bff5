package dev.cxr.train.cli;

import dev.cxr.common.testing.CapturedOutput;
import dev.cxr.train.Main;
import java.util.List;

/** What a command of cxr-train printed, and its exit code. */
record CliResult(int exitCode, String out, String err) {

  /** Runs a command in this process. */
  static CliResult run(List<String> arguments) {
    String[] array = arguments.toArray(String[]::new);
    CapturedOutput<Integer> run = CapturedOutput.during(() -> new Main().run(array));
    return new CliResult(run.value(), run.out(), run.err());
  }
}
