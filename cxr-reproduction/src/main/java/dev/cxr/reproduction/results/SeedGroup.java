package dev.cxr.reproduction.results;

import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.Interval;
import dev.cxr.eval.metrics.comparison.SeedSummary;
import dev.cxr.reproduction.results.ResultStore.Entry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Results that differ only in their seed, one or more.
 *
 * @param members ordered by seed
 */
record SeedGroup(List<Entry> members) {

  /** Groups results, in their order. */
  static List<SeedGroup> group(List<Entry> all) {
    Map<String, List<Entry>> groups = new LinkedHashMap<>();
    all.forEach(
        entry ->
            groups
                .computeIfAbsent(entry.result().seedGroupKey(), key -> new ArrayList<>())
                .add(entry));
    return groups.values().stream().map(SeedGroup::new).toList();
  }

  /** One of the results, for what all have in common. */
  StoredResult first() {
    return members.get(0).result();
  }

  /** A value of every result, separated by commas. */
  String list(Function<StoredResult, Object> value) {
    return members.stream()
        .map(entry -> String.valueOf(value.apply(entry.result())))
        .collect(Collectors.joining(", "));
  }

  boolean hasSeveralSeeds() {
    return members.size() > 1;
  }

  boolean hasMetric(String name) {
    return first().metrics().containsKey(name);
  }

  SeedSummary summary(String name) {
    return SeedSummary.of(
        members.stream().map(entry -> entry.result().metric(name).estimate()).toList());
  }

  /** The mean, of several seeds with their standard deviation. */
  String meanText(String name) {
    SeedSummary summary = summary(name);
    if (!(summary.mean() instanceof Estimate.Defined mean)) {
      return "not defined";
    }
    return summary.standardDeviation() instanceof Estimate.Defined deviation
        ? "%s ± %s"
            .formatted(StoredMetric.number(mean.value()), StoredMetric.number(deviation.value()))
        : StoredMetric.number(mean.value());
  }

  /** The metric of one seed with its interval, or the mean of several with their deviation. */
  String text(String name) {
    return hasSeveralSeeds() ? meanText(name) : first().metric(name).text();
  }

  /**
   * The metric of one seed, or the mean of several. The interval of a mean covers both the
   * randomness of training and that of the images: Student's half-width over seeds and the mean
   * half-width by patient, added as independent errors.
   */
  StoredMetric metric(String name) {
    if (!hasSeveralSeeds()) {
      return first().metric(name);
    }
    if (!(summary(name).mean() instanceof Estimate.Defined mean)) {
      return new StoredMetric(null, 0, null, "no seed has it");
    }
    Interval training = mean.interval();
    if (training == null) { // only one seed has it
      return new StoredMetric(mean.value(), mean.n(), null, null);
    }
    double halfWidth = mean.value() - training.low();
    double below = meanHalfWidth(name, (value, interval) -> value - interval.low());
    double above = meanHalfWidth(name, (value, interval) -> interval.high() - value);
    return new StoredMetric(
        mean.value(),
        mean.n(),
        new Interval(
            Math.max(0, mean.value() - Math.hypot(halfWidth, below)),
            Math.min(1, mean.value() + Math.hypot(halfWidth, above))),
        null);
  }

  private double meanHalfWidth(String name, ToDoubleBiFunction<Double, Interval> side) {
    return members.stream()
        .map(entry -> entry.result().metric(name))
        .flatMap(
            metric ->
                metric.value() == null
                    ? Stream.empty()
                    : Stream.of(
                        metric.interval() == null
                            ? 0
                            : side.applyAsDouble(metric.value(), metric.interval())))
        .mapToDouble(Double::doubleValue)
        .average()
        .orElse(0);
  }
}
