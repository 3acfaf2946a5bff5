package dev.cxr.eval.results;

import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.comparison.Spread;
import dev.cxr.eval.results.KeptResults.Kept;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

  Spread spread(String figure) {
    return Spread.of(
        members.stream().map(kept -> kept.result().figure(figure).estimate()).toList());
  }

  /** The mean, of several with the standard deviation. */
  String mean(String figure) {
    Spread spread = spread(figure);
    if (!(spread.mean() instanceof Estimate.Defined mean)) {
      return "not defined";
    }
    return spread.deviation() instanceof Estimate.Defined deviation
        ? "%s ± %s".formatted(Figure.number(mean.value()), Figure.number(deviation.value()))
        : Figure.number(mean.value());
  }

  /** Of one result its figure, of several the mean with Student's interval. */
  Figure figure(String name) {
    if (!isSeveral()) {
      return first().figure(name);
    }
    return spread(name).withinUnit().mean() instanceof Estimate.Defined mean
        ? new Figure(mean.value(), mean.n(), mean.interval(), null)
        : new Figure(null, 0, null, "no seed has it");
  }
}
