package dev.cxr.common.testing;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;

/**
 * What a piece of work answered and what it wrote to the standard streams meanwhile.
 *
 * @param value what it returned
 * @param out what it wrote to standard output
 * @param err what it wrote to standard error
 */
public record CapturedOutput<T>(T value, String out, String err) {

  /** Does the work with the standard streams of this process put aside. */
  public static <T> CapturedOutput<T> during(Callable<T> work) throws Exception {
    PrintStream realOut = System.out;
    PrintStream realErr = System.err;
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try {
      T value = work.call();
      return new CapturedOutput<>(
          value, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(realOut);
      System.setErr(realErr);
    }
  }
}
