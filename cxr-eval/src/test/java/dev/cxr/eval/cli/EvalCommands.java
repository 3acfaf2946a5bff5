package dev.cxr.eval.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs a command that asks a bundle about a collection, in this process. */
public final class EvalCommands {

  private EvalCommands() {}

  static CommandResult run(String command, Path bundle, Path data, Path out, String... more) {
    List<String> arguments = new ArrayList<>(List.of(command, "--no-relaunch"));
    arguments.addAll(List.of("--bundle", bundle.toString()));
    arguments.addAll(List.of("--data", data.toString()));
    arguments.addAll(List.of("--out", out.toString()));
    arguments.addAll(List.of(more));
    return CommandResult.run(arguments.toArray(String[]::new));
  }

  public static CommandResult evaluateQuick(Path bundle, Path data, Path out, String... more) {
    List<String> arguments = new ArrayList<>(List.of(more));
    arguments.add("--quick");
    return run("evaluate", bundle, data, out, arguments.toArray(String[]::new));
  }
}
