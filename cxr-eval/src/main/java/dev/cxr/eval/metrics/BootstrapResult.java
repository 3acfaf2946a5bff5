package dev.cxr.eval.metrics;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.hipparchus.distribution.continuous.NormalDistribution;

/**
 * Something that was computed of all examples, of every resample of {@link PatientBootstrap}, and
 * with each patient left out; it gives figures their intervals by patient.
 *
 * @param <T> what holds the figures
 */
public final class BootstrapResult<T> {

  private static final NormalDistribution NORMAL = new NormalDistribution();
  private static final double Z = NORMAL.inverseCumulativeProbability(0.975);

  private final T point;
  private final List<T> resamples;
  private final List<T> jackknife;

  BootstrapResult(T point, List<T> resamples, List<T> leftOut) {
    this.point = point;
    this.resamples = resamples;
    this.jackknife = leftOut;
  }

  /** Nothing was drawn: figures have no interval by patient. */
  public static <T> BootstrapResult<T> none(T point) {
    return new BootstrapResult<>(point, List.of(), List.of());
  }

  /** What was computed of all examples. */
  public T point() {
    return point;
  }

  /**
   * A figure with its bias-corrected and accelerated interval (B. Efron, "Better bootstrap
   * confidence intervals", JASA 82, 1987), for plain percentiles are too low for figures close to
   * 1. Where the resamples spread evenly about the figure the two are the same.
   */
  public Estimate estimate(Function<T, Estimate> metric) {
    return estimate(metric.apply(point), metric);
  }

  /**
   * The same of a figure that has an interval in closed form, which the resamples need not compute.
   *
   * @param whole the figure of all examples
   */
  Estimate estimate(Estimate whole, Function<T, Estimate> metric) {
    return withInterval(
        whole,
        metric,
        (value, resampled) -> {
          double bias = bias(value, resampled);
          double acceleration = acceleration(values(jackknife, metric));
          return new Interval(
              quantile(resampled, level(-Z, bias, acceleration)),
              quantile(resampled, level(Z, bias, acceleration)));
        });
  }

  /**
   * A figure in [0, 1] which resampling itself raises, as it does a calibration error: the interval
   * is the figure ± 1.96 standard deviations of the resamples, cut to [0, 1].
   */
  public Estimate estimateUpwardBiased(Function<T, Estimate> metric) {
    return withInterval(
        metric.apply(point),
        metric,
        (value, resampled) -> {
          double mean = Arrays.stream(resampled).average().orElse(value);
          double squares = Arrays.stream(resampled).map(v -> (v - mean) * (v - mean)).sum();
          return Interval.normalClampedToUnit(value, squares / (resampled.length - 1));
        });
  }

  private interface IntervalMethod {
    Interval interval(double value, double[] resampled);
  }

  private Estimate withInterval(
      Estimate whole, Function<T, Estimate> metric, IntervalMethod method) {
    if (!(whole instanceof Estimate.Defined defined) || resamples.isEmpty()) {
      return whole;
    }
    double[] resampled = values(resamples, metric);
    Arrays.sort(resampled);
    return new Estimate.Defined(
        defined.value(),
        defined.n(),
        defined.interval(),
        new PatientInterval(
            2 * resampled.length < resamples.size() || allEqual(resampled)
                ? null
                : method.interval(defined.value(), resampled),
            resamples.size(),
            resamples.size() - resampled.length));
  }

  /** Such as a sensitivity of 1: drawing from examples that agree shows no doubt, yet there is. */
  private static boolean allEqual(double[] sorted) {
    return sorted[0] == sorted[sorted.length - 1];
  }

  private static <T> double[] values(List<T> samples, Function<T, Estimate> metric) {
    return samples.stream()
        .map(metric)
        .filter(Estimate.Defined.class::isInstance)
        .mapToDouble(estimate -> ((Estimate.Defined) estimate).value())
        .toArray();
  }

  /** How far the resamples' median lies from the figure, in normal quantiles. */
  private static double bias(double value, double[] sorted) {
    double below = 0;
    for (double v : sorted) {
      below += v < value ? 1 : v == value ? 0.5 : 0;
    }
    double inside = Math.min(Math.max(below, 0.5), sorted.length - 0.5);
    return NORMAL.inverseCumulativeProbability(inside / sorted.length);
  }

  /** A sixth of the skewness of the figure's changes as each patient is left out. */
  private static double acceleration(double[] leftOut) {
    double mean = Arrays.stream(leftOut).average().orElse(0);
    double squares = 0;
    double cubes = 0;
    for (double v : leftOut) {
      squares += (mean - v) * (mean - v);
      cubes += (mean - v) * (mean - v) * (mean - v);
    }
    return squares == 0 ? 0 : cubes / (6 * squares * Math.sqrt(squares));
  }

  private static double level(double z, double bias, double acceleration) {
    double shifted = bias + z;
    double divisor = 1 - acceleration * shifted;
    if (divisor <= 0) { // one patient outweighs all others: the end of the resamples is the limit
      return shifted > 0 ? 1 : 0;
    }
    return NORMAL.cumulativeProbability(bias + shifted / divisor);
  }

  private static double quantile(double[] sorted, double level) {
    double at = level * (sorted.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }
}
