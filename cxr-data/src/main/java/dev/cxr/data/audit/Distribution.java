package dev.cxr.data.audit;

import java.util.Arrays;

/**
 * The distribution of a feature. Quartiles are interpolated linearly (type 7 of R. J. Hyndman and
 * Y. Fan, "Sample quantiles in statistical packages", 1996).
 *
 * @param n the number of images, at least 1
 * @param min the minimum
 * @param lowerQuartile the 25th percentile
 * @param median the 50th percentile
 * @param upperQuartile the 75th percentile
 * @param max the maximum
 * @param mean the arithmetic mean
 */
public record Distribution(
    int n,
    double min,
    double lowerQuartile,
    double median,
    double upperQuartile,
    double max,
    double mean) {

  static Distribution of(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return new Distribution(
        sorted.length,
        sorted[0],
        quantile(sorted, 0.25),
        quantile(sorted, 0.5),
        quantile(sorted, 0.75),
        sorted[sorted.length - 1],
        Arrays.stream(sorted).sum() / sorted.length);
  }

  private static double quantile(double[] sorted, double share) {
    double position = share * (sorted.length - 1);
    int below = (int) position;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  }
}
