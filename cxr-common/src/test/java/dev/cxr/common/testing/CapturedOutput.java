package dev.cxr.common.testing;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * The result of some code and its output.
 *
 * @param value its result
 * @param out what it wrote to standard output
 * @param err what it wrote to standard error
 */
public record CapturedOutput<T>(T value, String out, String err) {

  /** The code to run. */
  @FunctionalInterface
  public interface Code<T, E extends Exception> {
    T run() throws E;
  }

  /** Runs the code while the standard streams of this process are captured. */
  public static <T, E extends Exception> CapturedOutput<T> during(Code<T, E> code) throws E {
    PrintStream realOut = System.out;
    PrintStream realErr = System.err;
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try {
      T value = code.run();
      return new CapturedOutput<>(
          value, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(realOut);
      System.setErr(realErr);
    }
  }
}
