package dev.cxr.eval.cli;

import dev.cxr.common.testing.CapturedOutput;
import dev.cxr.eval.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Exit code and output of a command that ran in this process. */
public record CommandResult(int exitCode, String out, String err) {

  public static CommandResult run(String... arguments) {
    CapturedOutput<Integer> run = CapturedOutput.during(() -> new Main().run(arguments));
    return new CommandResult(run.value(), run.out(), run.err());
  }

  /** A page without the bytes of its images, which could match any text. */
  static String pageText(Path page) throws IOException {
    return Files.readString(page).replaceAll("data:image/[^\"]*", "data:image/");
  }
}
