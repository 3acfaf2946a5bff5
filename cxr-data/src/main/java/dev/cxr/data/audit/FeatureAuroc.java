package dev.cxr.data.audit;

import java.util.Arrays;

/**
 * The area under the ROC curve of a single value: the probability that an image of one group has a
 * greater value than an image of the other, where a tie counts half.
 *
 * @param area 0 to 1; 0.5 is chance
 * @param low lower bound of the 95 % interval
 * @param high upper bound of the 95 % interval
 */
public record FeatureAuroc(double area, double low, double high) {

  /** The two-sided 95 % quantile of the standard normal distribution. */
  private static final double Z = 1.959963984540054;

  /**
   * Computes the area and its interval for two groups of at least one value each.
   *
   * <p>The interval contains all areas whose distance from the observed one is at most 1.96 of
   * their own standard errors, by J. A. Hanley and B. J. McNeil, "The meaning and use of the area
   * under a receiver operating characteristic (ROC) curve", Radiology 143 (1982), with the mean of
   * both group sizes for either: method 5 of R. G. Newcombe, "Confidence intervals for an effect
   * size measure based on the Mann-Whitney statistic, part 2", Statistics in Medicine 25 (2006).
   * Perfectly separated groups therefore have an interval too. Images count as independent,
   * although several images of one patient are not.
   *
   * @param lower the group expected to have the smaller values
   * @param upper the other
   */
  static FeatureAuroc of(double[] lower, double[] upper) {
    double[] sorted = lower.clone();
    Arrays.sort(sorted);
    long doubledWins = 0;
    for (double value : upper) {
      doubledWins += countBelow(sorted, value) + countBelow(sorted, Math.nextUp(value));
    }
    double area = doubledWins / (2.0 * lower.length * upper.length);
    return new FeatureAuroc(
        area,
        confidenceBound(area, 0, lower.length, upper.length),
        confidenceBound(area, 1, lower.length, upper.length));
  }

  /** The area for swapped groups. */
  FeatureAuroc inverted() {
    return new FeatureAuroc(1 - area, 1 - high, 1 - low);
  }

  private static int countBelow(double[] sorted, double limit) {
    int from = 0;
    int to = sorted.length;
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (sorted[middle] < limit) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return from;
  }

  /** Bisects for the area closest to {@code end} that the interval still contains. */
  private static double confidenceBound(double area, double end, long m, long n) {
    double inside = area;
    double outside = end;
    for (int i = 0; i < 60; i++) {
      double middle = (inside + outside) / 2;
      double distance = middle - area;
      if (distance * distance <= Z * Z * variance(middle, m, n)) {
        inside = middle;
      } else {
        outside = middle;
      }
    }
    return inside;
  }

  private static double variance(double area, long m, long n) {
    double averageOthers = (m + n) / 2.0 - 1;
    return area
        * (1 - area)
        * (1 + averageOthers * (1 - area) / (2 - area) + averageOthers * area / (1 + area))
        / ((double) m * n);
  }
}
