package dev.cxr.eval;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs a command that asks a bundle about a collection, in this process. */
final class Asked {

  private Asked() {}

  static Captured run(String command, Path bundle, Path data, Path out, String... more) {
    List<String> arguments = new ArrayList<>(List.of(command, "--no-relaunch"));
    arguments.addAll(List.of("--bundle", bundle.toString()));
    arguments.addAll(List.of("--data", data.toString()));
    arguments.addAll(List.of("--out", out.toString()));
    arguments.addAll(List.of(more));
    return Captured.run(arguments.toArray(String[]::new));
  }

  static Captured evaluateQuickly(Path bundle, Path data, Path out, String... more) {
    List<String> arguments = new ArrayList<>(List.of(more));
    arguments.add("--no-robustness");
    return run("evaluate", bundle, data, out, arguments.toArray(String[]::new));
  }
}
