package dev.cxr.eval.results;

import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.Interval;
import dev.cxr.eval.metrics.comparison.SeedSummary;
import dev.cxr.eval.results.KeptResults.Kept;
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
record Family(List<Kept> members) {

  /** Which there are among these, in their order. */
  static List<Family> among(List<Kept> all) {
    Map<String, List<Kept>> families = new LinkedHashMap<>();
    all.forEach(
        kept -> families.computeIfAbsent(kept.result().family(), f -> new ArrayList<>()).add(kept));
    return families.values().stream().map(Family::new).toList();
  }

  /** One of them, for what all have in common. */
  StoredResult first() {
    return members.get(0).result();
  }

  boolean isSeveral() {
    return members.size() > 1;
  }

  boolean has(String figure) {
    return first().figures().containsKey(figure);
  }

  SeedSummary spread(String figure) {
    return SeedSummary.of(
        members.stream().map(kept -> kept.result().figure(figure).estimate()).toList());
  }

  /** The mean, of several with the standard deviation. */
  String mean(String figure) {
    SeedSummary spread = spread(figure);
    if (!(spread.mean() instanceof Estimate.Defined mean)) {
      return "not defined";
    }
    return spread.standardDeviation() instanceof Estimate.Defined deviation
        ? "%s ± %s".formatted(Figure.number(mean.value()), Figure.number(deviation.value()))
        : Figure.number(mean.value());
  }

  /**
   * Of one result its figure; of several the mean, whose interval has the chance in training and
   * that in the pictures: Student's reach over seeds and the seeds' mean reach by patient, as two
   * independent errors.
   */
  Figure figure(String name) {
    if (!isSeveral()) {
      return first().figure(name);
    }
    if (!(spread(name).mean() instanceof Estimate.Defined mean)) {
      return new Figure(null, 0, null, "no seed has it");
    }
    Interval training = mean.interval();
    if (training == null) { // one seed alone has it
      return new Figure(mean.value(), mean.n(), null, null);
    }
    double reach = mean.value() - training.low();
    return new Figure(
        mean.value(),
        mean.n(),
        new Interval(
            Math.max(0, mean.value() - Math.hypot(reach, reach(name, Family::below))),
            Math.min(1, mean.value() + Math.hypot(reach, reach(name, Family::above)))),
        null);
  }

  private double reach(String name, ToDoubleFunction<Figure> side) {
    return members.stream()
        .map(kept -> kept.result().figure(name))
        .filter(figure -> figure.value() != null)
        .mapToDouble(side)
        .average()
        .orElse(0);
  }

  private static double below(Figure figure) {
    Interval interval = figure.interval();
    return interval == null || figure.value() == null ? 0 : figure.value() - interval.low();
  }

  private static double above(Figure figure) {
    Interval interval = figure.interval();
    return interval == null || figure.value() == null ? 0 : interval.high() - figure.value();
  }
}
