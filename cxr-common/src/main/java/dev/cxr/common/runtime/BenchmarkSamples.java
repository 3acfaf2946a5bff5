package dev.cxr.common.runtime;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What the rounds of a measurement gave, in the order in which they were run. */
public final class BenchmarkSamples {

  private final double[] values;

  /** At least one value, a round each. */
  public BenchmarkSamples(double... values) {
    this.values = values.clone();
  }

  /** The ratio in each round: a machine whose speed drifts slows both halves of a round alike. */
  public BenchmarkSamples dividedBy(BenchmarkSamples divisor) {
    double[] ratios = new double[values.length];
    Arrays.setAll(ratios, round -> values[round] / divisor.values[round]);
    return new BenchmarkSamples(ratios);
  }

  /**
   * What the rounds come to.
   *
   * @param rounds what each gave, in order
   */
  public record Statistics(double median, double min, double max, List<Double> rounds) {}

  /** What the rounds come to; of an even number of them the median is the greater middle one. */
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
   * A line of a table: the median, and the least and most in parentheses.
   *
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
