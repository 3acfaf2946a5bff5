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
   * @param interval its 95 % confidence interval in closed form, which takes the examples for
   *     independent; null where there is none
   * @param byPatient how it varies over resampled patients; null where none were drawn
   */
  record Defined(
      double value, long n, @Nullable Interval interval, @Nullable PatientInterval byPatient)
      implements Estimate {

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

    /** A figure whose patients were not resampled. */
    public Defined(double value, long n, @Nullable Interval interval) {
      this(value, n, interval, null);
    }

    /** The more honest of its intervals: by patient if there is one, else in closed form. */
    public @Nullable Interval bestInterval() {
      return byPatient != null && byPatient.interval() != null ? byPatient.interval() : interval;
    }

    /** A figure without an interval. */
    public Defined(double value, long n) {
      this(value, n, null);
    }
  }

  /**
   * A figure that does not exist for the data at hand.
   *
   * @param reason why, as a phrase for people
   */
  record Undefined(String reason) implements Estimate {}

  /**
   * A proportion with Wilson's interval and its denominator as {@code n}.
   *
   * @param part how many of the whole, 0 to {@code whole}
   * @param whole the denominator
   * @param whyNone the reason to give if the whole is 0
   */
  static Estimate proportion(long part, long whole, String whyNone) {
    return whole == 0
        ? new Undefined(whyNone)
        : new Defined((double) part / whole, whole, Interval.wilson(part, whole));
  }
}
