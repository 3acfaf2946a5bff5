package dev.cxr.eval.metrics;

import org.jspecify.annotations.Nullable;

/**
 * A figure, or the reason why there is none. Never NaN and never a stand-in: the precision of a
 * model that predicts nothing positive is {@link Undefined}, not 0.
 *
 * <p>Both cases are plain records, so that a JSON writer shows {@code {"value": …, "n": …,
 * "interval": {…}}} or {@code {"reason": "…"}}.
 */
public sealed interface Estimate {

  /**
   * A figure that could be computed.
   *
   * @param value the figure, finite
   * @param n how many examples it rests on, at least 1; for a proportion its denominator
   * @param interval its 95 % confidence interval, or null where none is computed
   */
  record Defined(double value, long n, @Nullable Interval interval) implements Estimate {

    /**
     * @throws IllegalArgumentException if {@code value} is not finite or {@code n} is below 1
     */
    public Defined {
      if (!Double.isFinite(value) || n < 1) {
        throw new IllegalArgumentException(
            "expected a finite value over at least one example, found %s over %d; say why with Undefined instead"
                .formatted(value, n));
      }
    }

    /** A figure without an interval. */
    Defined(double value, long n) {
      this(value, n, null);
    }
  }

  /**
   * A figure that does not exist for the data at hand.
   *
   * @param reason why, as a phrase for people
   */
  record Undefined(String reason) implements Estimate {}
}
