package dev.cxr.eval.metrics;

import org.hipparchus.distribution.continuous.NormalDistribution;

/**
 * A closed confidence interval, of level 95 % unless stated otherwise.
 *
 * @param low the lower bound, finite
 * @param high the upper bound, finite and not below {@code low}
 */
public record Interval(double low, double high) {

  /** The two-sided 95 % quantile of the standard normal distribution, about 1.96. */
  private static final double Z = new NormalDistribution().inverseCumulativeProbability(0.975);

  /** The quantile for 97.5 %: two such intervals hold jointly with at least 95 % (Bonferroni). */
  private static final double Z_BONFERRONI =
      new NormalDistribution().inverseCumulativeProbability(1 - 0.025 / 2);

  /**
   * @param low the lower bound
   * @param high the upper bound
   * @throws IllegalArgumentException if a bound is not finite or the bounds are in the wrong order
   */
  public Interval {
    if (!(Double.isFinite(low) && Double.isFinite(high) && low <= high)) {
      throw new IllegalArgumentException(
          "expected finite bounds with low <= high, found low %s and high %s; an interval that cannot be computed is left out of its Estimate"
              .formatted(low, high));
    }
  }

  /**
   * {@return the 95 % score interval of a proportion, without continuity correction}
   *
   * <p>E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA
   * 22 (1927). Unlike the textbook {@code p ± z·sd} it stays inside [0, 1] and has width at 0 and
   * 1.
   *
   * @param successes 0 to {@code trials}
   * @param trials at least 1
   * @throws IllegalArgumentException if the counts are outside their ranges
   */
  public static Interval wilson(long successes, long trials) {
    return wilson(successes, trials, Z);
  }

  /**
   * {@return Wilson's interval of level 97.5 %, for one of two proportions that must hold jointly}
   */
  static Interval wilsonBonferroni(long successes, long trials) {
    return wilson(successes, trials, Z_BONFERRONI);
  }

  private static Interval wilson(long successes, long trials, double z) {
    double k = successes;
    double n = trials;
    double centre = k + z * z / 2;
    double halfWidth = z * Math.sqrt(k * (n - k) / n + z * z / 4);
    return clampToUnit((centre - halfWidth) / (n + z * z), (centre + halfWidth) / (n + z * z));
  }

  /**
   * {@return the 95 % normal interval {@code estimate ± z·√variance}}
   *
   * @param estimate the estimate
   * @param variance of the estimate, at least 0
   */
  public static Interval normal(double estimate, double variance) {
    double halfWidth = Z * Math.sqrt(variance);
    return new Interval(estimate - halfWidth, estimate + halfWidth);
  }

  /** {@return {@link #normal}, clamped to [0, 1]} */
  static Interval normalClampedToUnit(double estimate, double variance) {
    Interval uncut = normal(estimate, variance);
    return clampToUnit(uncut.low, uncut.high);
  }

  private static Interval clampToUnit(double low, double high) {
    return new Interval(Math.max(0, low), Math.min(1, high));
  }
}
