package dev.cxr.eval.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cxr.eval.Main;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a run of a command left. */
public record CommandResult(int exitCode, String out, String err) {

  public static CommandResult run(String... arguments) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    var capturedOut = new ByteArrayOutputStream();
    var capturedErr = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(capturedOut, true, UTF_8));
      System.setErr(new PrintStream(capturedErr, true, UTF_8));
      int exitCode = new Main().run(arguments);
      return new CommandResult(exitCode, capturedOut.toString(UTF_8), capturedErr.toString(UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  /** A page without the bytes of its pictures, which may read as anything. */
  static String pageText(Path page) throws IOException {
    return Files.readString(page).replaceAll("data:image/[^\"]*", "data:image/");
  }
}
