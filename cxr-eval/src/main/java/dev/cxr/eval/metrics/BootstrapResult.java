package dev.cxr.eval.metrics;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.jspecify.annotations.Nullable;

/**
 * A value computed from all examples, from every resample of {@link PatientBootstrap}, and with
 * each patient left out. From it metrics get their intervals by patient.
 *
 * @param <T> the type that holds the metrics
 * @param point computed from all examples
 * @param resamples computed from each resample
 * @param jackknife computed with each patient, or group of patients, left out
 */
public record BootstrapResult<T>(T point, List<T> resamples, List<T> jackknife) {

  private static final NormalDistribution NORMAL = new NormalDistribution();
  private static final double Z = NORMAL.inverseCumulativeProbability(0.975);

  /**
   * {@return a result without resamples, whose metrics have no interval by patient}
   *
   * @param <T> the type of the result
   * @param point the value computed from all examples
   */
  public static <T> BootstrapResult<T> none(T point) {
    return new BootstrapResult<>(point, List.of(), List.of());
  }

  /**
   * {@return a metric with its bias-corrected and accelerated interval} (B. Efron, "Better
   * bootstrap confidence intervals", JASA 82, 1987). Plain percentiles are too low for metrics
   * close to 1; if the resamples are symmetric about the metric, both methods agree.
   *
   * @param metric the metric
   */
  public Estimate estimate(Function<T, Estimate> metric) {
    return estimate(metric.apply(point), metric);
  }

  /** {@return the same; undefined if there is a reason} */
  Estimate estimate(@Nullable String undefinedReason, Function<T, Estimate> metric) {
    return undefinedReason != null ? new Estimate.Undefined(undefinedReason) : estimate(metric);
  }

  /**
   * {@return the same for a metric with a closed-form interval, which the resamples need not
   * compute}
   *
   * @param whole the metric of all examples
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
   * {@return a metric in [0, 1] that resampling biases upwards, such as a calibration error} Its
   * interval is the metric ± 1.96 standard deviations of the resamples, clamped to [0, 1].
   *
   * @param metric the metric
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

  /** For example a sensitivity of 1: identical resamples do not mean that the metric is certain. */
  private static boolean allEqual(double[] sorted) {
    return sorted[0] == sorted[sorted.length - 1];
  }

  private static <T> double[] values(List<T> samples, Function<T, Estimate> metric) {
    return samples.stream()
        .map(metric)
        .filter(Estimate.Defined.class::isInstance)
        .mapToDouble(estimate -> estimate.valueOr(0))
        .toArray();
  }

  /** The distance of the resamples' median from the metric, in normal quantiles. */
  private static double bias(double value, double[] sorted) {
    double below = 0;
    for (double v : sorted) {
      below += v < value ? 1 : v == value ? 0.5 : 0;
    }
    double inside = Math.min(Math.max(below, 0.5), sorted.length - 0.5);
    return NORMAL.inverseCumulativeProbability(inside / sorted.length);
  }

  /** A sixth of the skewness of the metric over the jackknife samples. */
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
    if (divisor <= 0) { // one patient dominates: use the extreme resample
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
