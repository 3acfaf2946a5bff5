package dev.cxr.eval.metrics;

import org.jspecify.annotations.Nullable;

/**
 * A metric, or the reason why it is undefined. Never NaN and never a placeholder: the precision of
 * a model that predicts nothing positive is {@link Undefined}, not 0.
 *
 * <p>Both cases are plain records, so that a JSON writer shows {@code {"value": …, "n": …,
 * "interval": {…}}} or {@code {"reason": "…"}}.
 */
public sealed interface Estimate {

  /**
   * A defined metric.
   *
   * @param value finite
   * @param n the number of examples, at least 1; for a proportion its denominator
   * @param interval its 95 % confidence interval in closed form, which assumes independent
   *     examples; null if there is none
   * @param byPatient its variation over resampled patients; null without resampling
   */
  record Defined(
      double value, long n, @Nullable Interval interval, @Nullable PatientInterval byPatient)
      implements Estimate {

    /**
     * @param value finite
     * @param n the number of examples, at least 1
     * @param interval its 95 % confidence interval in closed form; null if there is none
     * @param byPatient its variation over resampled patients; null without resampling
     * @throws IllegalArgumentException if {@code value} is not finite or {@code n} is below 1
     */
    public Defined {
      if (!Double.isFinite(value) || n < 1) {
        throw new IllegalArgumentException(
            "expected a finite value over at least one example, found %s over %d; say why with Undefined instead"
                .formatted(value, n));
      }
    }

    /**
     * Creates a metric without resampling.
     *
     * @param value finite
     * @param n the number of examples, at least 1
     * @param interval its 95 % confidence interval in closed form; null if there is none
     */
    public Defined(double value, long n, @Nullable Interval interval) {
      this(value, n, interval, null);
    }

    /** {@return the interval to report: by patient if there is one, else the closed form} */
    @Override
    public @Nullable Interval bestInterval() {
      return byPatient != null && byPatient.interval() != null ? byPatient.interval() : interval;
    }

    /**
     * Creates a metric without an interval.
     *
     * @param value finite
     * @param n the number of examples, at least 1
     */
    public Defined(double value, long n) {
      this(value, n, null);
    }
  }

  /**
   * A metric that is undefined for these examples.
   *
   * @param reason why, as a phrase for a sentence
   */
  record Undefined(String reason) implements Estimate {}

  /** {@return the interval to report; null if there is none} */
  default @Nullable Interval bestInterval() {
    return null;
  }

  /**
   * {@return the value}
   *
   * @param ifUndefined what to return for an undefined metric
   */
  default double valueOr(double ifUndefined) {
    return this instanceof Defined defined ? defined.value() : ifUndefined;
  }

  /**
   * {@return a proportion with Wilson's interval and its denominator as {@code n}}
   *
   * @param part the numerator, 0 to {@code whole}
   * @param whole the denominator
   * @param undefinedReason the reason if the whole is 0
   */
  static Estimate proportion(long part, long whole, String undefinedReason) {
    return whole == 0
        ? new Undefined(undefinedReason)
        : new Defined((double) part / whole, whole, Interval.wilson(part, whole));
  }
}
