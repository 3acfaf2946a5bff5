package dev.cxr.reproduction.results;

import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.Interval;
import dev.cxr.eval.metrics.comparison.SeedSummary;
import dev.cxr.reproduction.results.ResultStore.Entry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Results that differ in their seed alone, one or more.
 *
 * @param members by their seeds
 */
record SeedGroup(List<Entry> members) {

  /** Which there are among these, in their order. */
  static List<SeedGroup> group(List<Entry> all) {
    Map<String, List<Entry>> families = new LinkedHashMap<>();
    all.forEach(
        kept ->
            families
                .computeIfAbsent(kept.result().seedGroupKey(), f -> new ArrayList<>())
                .add(kept));
    return families.values().stream().map(SeedGroup::new).toList();
  }

  /** One of them, for what all have in common. */
  StoredResult first() {
    return members.get(0).result();
  }

  boolean hasSeveralSeeds() {
    return members.size() > 1;
  }

  boolean hasMetric(String figure) {
    return first().figures().containsKey(figure);
  }

  SeedSummary summary(String figure) {
    return SeedSummary.of(
        members.stream().map(kept -> kept.result().metric(figure).estimate()).toList());
  }

  /** The mean, of several with the standard deviation. */
  String meanText(String figure) {
    SeedSummary spread = summary(figure);
    if (!(spread.mean() instanceof Estimate.Defined mean)) {
      return "not defined";
    }
    return spread.standardDeviation() instanceof Estimate.Defined deviation
        ? "%s ± %s"
            .formatted(StoredMetric.number(mean.value()), StoredMetric.number(deviation.value()))
        : StoredMetric.number(mean.value());
  }

  /**
   * Of one result its figure; of several the mean, whose interval has the chance in training and
   * that in the pictures: Student's reach over seeds and the seeds' mean reach by patient, as two
   * independent errors.
   */
  StoredMetric metric(String name) {
    if (!hasSeveralSeeds()) {
      return first().metric(name);
    }
    if (!(summary(name).mean() instanceof Estimate.Defined mean)) {
      return new StoredMetric(null, 0, null, "no seed has it");
    }
    Interval training = mean.interval();
    if (training == null) { // one seed alone has it
      return new StoredMetric(mean.value(), mean.n(), null, null);
    }
    double reach = mean.value() - training.low();
    return new StoredMetric(
        mean.value(),
        mean.n(),
        new Interval(
            Math.max(0, mean.value() - Math.hypot(reach, meanHalfWidth(name, SeedGroup::below))),
            Math.min(1, mean.value() + Math.hypot(reach, meanHalfWidth(name, SeedGroup::above)))),
        null);
  }

  private double meanHalfWidth(String name, ToDoubleFunction<StoredMetric> side) {
    return members.stream()
        .map(kept -> kept.result().metric(name))
        .filter(figure -> figure.value() != null)
        .mapToDouble(side)
        .average()
        .orElse(0);
  }

  private static double below(StoredMetric figure) {
    Interval interval = figure.interval();
    return interval == null || figure.value() == null ? 0 : figure.value() - interval.low();
  }

  private static double above(StoredMetric figure) {
    Interval interval = figure.interval();
    return interval == null || figure.value() == null ? 0 : interval.high() - figure.value();
  }
}
