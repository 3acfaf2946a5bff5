package dev.cxr.eval.metrics.comparison;

import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.Interval;
import java.util.List;
import org.hipparchus.distribution.continuous.TDistribution;

/**
 * A metric over several runs of one recipe that differ only in their seed. Here {@code n} is the
 * number of runs in which it is defined.
 *
 * @param mean with Student's 95 % interval; the interval is absent for a single run
 * @param standardDeviation the sample standard deviation over the runs, undefined for a single one
 * @param minimum the smallest value
 * @param maximum the greatest value
 * @param undefined the number of runs in which it is undefined
 */
public record SeedSummary(
    Estimate mean, Estimate standardDeviation, Estimate minimum, Estimate maximum, int undefined) {

  /** {@return the same with the mean's interval clamped to [0, 1], for a metric in that range} */
  public SeedSummary clampToUnit() {
    if (!(mean instanceof Estimate.Defined defined) || defined.interval() == null) {
      return this;
    }
    Interval clamped =
        new Interval(Math.max(0, defined.interval().low()), Math.min(1, defined.interval().high()));
    return new SeedSummary(
        new Estimate.Defined(defined.value(), defined.n(), clamped),
        standardDeviation,
        minimum,
        maximum,
        undefined);
  }

  /**
   * {@return the summary of a metric, given for each run}
   *
   * @param runs the metric of each run
   */
  public static SeedSummary of(List<Estimate> runs) {
    double[] values =
        runs.stream()
            .filter(Estimate.Defined.class::isInstance)
            .mapToDouble(run -> run.valueOr(0))
            .sorted()
            .toArray();
    int n = values.length;
    if (n == 0) {
      Estimate none = new Estimate.Undefined("the metric is undefined in every run");
      return new SeedSummary(none, none, none, none, runs.size());
    }
    double mean = 0;
    for (double value : values) {
      mean += value / n;
    }
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    Interval interval = null;
    Estimate deviation = new Estimate.Undefined("one run only");
    if (n > 1) {
      deviation = new Estimate.Defined(Math.sqrt(squares / (n - 1)), n);
      double halfWidth =
          new TDistribution(n - 1).inverseCumulativeProbability(0.975)
              * deviation.valueOr(0)
              / Math.sqrt(n);
      interval = new Interval(mean - halfWidth, mean + halfWidth);
    }
    return new SeedSummary(
        new Estimate.Defined(mean, n, interval),
        deviation,
        new Estimate.Defined(values[0], n),
        new Estimate.Defined(values[n - 1], n),
        runs.size() - n);
  }
}
