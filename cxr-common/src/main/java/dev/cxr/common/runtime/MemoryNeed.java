package dev.cxr.common.runtime;

import dev.cxr.common.cli.UserErrorException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;

/**
 * The memory that a command needs, compared with the {@link MemoryLimit} before it starts.
 *
 * @param bytes an estimate of the whole process: JVM, engine, parameters and feature maps
 * @param purpose such as {@code training resnet50 with batches of 32 at 224 x 224}
 * @param remedy how to need less, as a full sentence
 * @since 0.3
 */
public record MemoryNeed(long bytes, String purpose, String remedy) {

  /** A need above this share of the limit prints a warning: the estimate is that uncertain. */
  private static final double WARNING_SHARE = 0.85;

  /** A need above this share certainly does not fit. */
  private static final double ERROR_SHARE = 1.2;

  /**
   * Prints a warning on standard error if the limit is close.
   *
   * @throws UserErrorException if the need is far above the limit
   */
  public void check() {
    check(MemoryLimit.current());
  }

  void check(MemoryLimit limit) {
    try {
      Supervisor.leave("This command needs about %s. %s".formatted(text(), remedy));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (bytes > ERROR_SHARE * limit.bytes()) {
      throw UserErrorException.of(
          "memory for " + text(), "a limit of " + limit, "Raise the limit. " + remedy);
    }
    if (bytes > WARNING_SHARE * limit.bytes()) {
      System.err.printf(
          "Warning: needs about %s, close to the limit of %s. %s%n", text(), limit, remedy);
    }
  }

  private String text() {
    return String.format(Locale.ROOT, "%d MiB (%s)", bytes >> 20, purpose);
  }

  /**
   * Explains why a command was killed.
   *
   * @param need what it has {@linkplain Supervisor#leave left}; empty if nothing
   */
  static String explainKill(String need) {
    MemoryLimit limit = MemoryLimit.current();
    String peak =
        limit.peakBytes().isPresent()
            ? ", of which at most %d MiB were used".formatted(limit.peakBytes().getAsLong() >> 20)
            : "";
    return "This command was killed (signal 9), most likely by the system because memory ran out. The limit is"
        + " %s%s. %s"
            .formatted(
                limit, peak, need.isEmpty() ? "Raise the limit, or lower the batch size." : need);
  }
}
