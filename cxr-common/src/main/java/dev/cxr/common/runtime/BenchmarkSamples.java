package dev.cxr.common.runtime;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The measurements of a benchmark, one for each round. */
public final class BenchmarkSamples {

  private final double[] values;

  /**
   * Creates the samples.
   *
   * @param values one for each round, at least one
   */
  public BenchmarkSamples(double... values) {
    this.values = values.clone();
  }

  /**
   * {@return the ratio in each round, which is stable on a machine of varying speed}
   *
   * @param divisor samples of the same rounds
   */
  public BenchmarkSamples dividedBy(BenchmarkSamples divisor) {
    double[] ratios = new double[values.length];
    Arrays.setAll(ratios, round -> values[round] / divisor.values[round]);
    return new BenchmarkSamples(ratios);
  }

  /**
   * The statistics of the samples.
   *
   * @param median the upper median
   * @param min the minimum
   * @param max the maximum
   * @param rounds the samples in their order
   */
  public record Statistics(double median, double min, double max, List<Double> rounds) {}

  /** {@return median, minimum and maximum} */
  public Statistics statistics() {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return new Statistics(
        sorted[sorted.length / 2],
        sorted[0],
        sorted[sorted.length - 1],
        Arrays.stream(values).boxed().toList());
  }

  /**
   * {@return a line of a table: the median, with minimum and maximum in parentheses}
   *
   * @param label the text before it
   * @param unit such as {@code img/s}; empty for a ratio, which gets three decimals instead of one
   */
  public String formatLine(String label, String unit) {
    Statistics statistics = statistics();
    int decimals = unit.isEmpty() ? 3 : 1;
    return String.format(
        Locale.ROOT,
        "  %-30s %10.{d}f %-6s (%.{d}f to %.{d}f)".replace("{d}", Integer.toString(decimals)),
        label,
        statistics.median(),
        unit,
        statistics.min(),
        statistics.max());
  }
}
