package dev.cxr.eval.metrics.comparison;

import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.Interval;
import java.util.List;
import org.hipparchus.distribution.continuous.TDistribution;

/**
 * One figure over several runs of one recipe that differ in their seed alone. Here {@code n} is the
 * number of runs that have the figure.
 *
 * @param mean with Student's 95 % interval; the interval is absent for a single run
 * @param standardDeviation the sample standard deviation over the runs, undefined for a single one
 * @param minimum the smallest figure
 * @param maximum the greatest
 * @param undefined how many runs do not have the figure
 */
public record SeedSummary(
    Estimate mean, Estimate standardDeviation, Estimate minimum, Estimate maximum, int undefined) {

  /** The same of a figure that lies in [0, 1], as its mean's interval then does too. */
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

  /** The spread of one figure, given as each run has it. */
  public static SeedSummary of(List<Estimate> runs) {
    double[] values =
        runs.stream()
            .filter(Estimate.Defined.class::isInstance)
            .mapToDouble(run -> ((Estimate.Defined) run).value())
            .sorted()
            .toArray();
    int n = values.length;
    if (n == 0) {
      Estimate none = new Estimate.Undefined("no run has the figure");
      return new SeedSummary(none, none, none, none, runs.size());
    }
    double mean = 0;
    for (double value : values) {
      mean += value / n;
    }
    Estimate lowest = new Estimate.Defined(values[0], n);
    Estimate highest = new Estimate.Defined(values[n - 1], n);
    if (n == 1) {
      return new SeedSummary(
          new Estimate.Defined(mean, n),
          new Estimate.Undefined("one run only"),
          lowest,
          highest,
          runs.size() - n);
    }
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    double deviation = Math.sqrt(squares / (n - 1));
    double halfWidth =
        new TDistribution(n - 1).inverseCumulativeProbability(0.975) * deviation / Math.sqrt(n);
    return new SeedSummary(
        new Estimate.Defined(mean, n, new Interval(mean - halfWidth, mean + halfWidth)),
        new Estimate.Defined(deviation, n),
        lowest,
        highest,
        runs.size() - n);
  }
}
