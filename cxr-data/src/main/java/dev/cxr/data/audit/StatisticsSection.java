package dev.cxr.data.audit;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import dev.cxr.data.catalogue.Finding;
import dev.cxr.data.catalogue.Split;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** How one feature is spread, as a table with a box plot in each row. */
record StatisticsSection(String title, String unit, Optional<String> sameForAll, List<Row> rows) {

  /** One finding in one split, as text. */
  record Row(
      Finding finding,
      Split split,
      int n,
      String min,
      String lowerQuartile,
      String median,
      String upperQuartile,
      String max,
      Box box) {}

  /** Where the marks of a box plot stand, in percent of the feature's range over all rows. */
  record Box(String min, String range, String lowerQuartile, String quartiles, String median) {}

  /** A share of files has no quartiles to speak of: it is left to the shortcuts. */
  static List<StatisticsSection> of(List<Statistic> statistics) {
    Map<Feature, List<Statistic>> byFeature =
        statistics.stream()
            .filter(s -> s.feature() != Feature.COLOUR_PROFILE)
            .collect(groupingBy(Statistic::feature, TreeMap::new, toList()));
    return byFeature.entrySet().stream().map(e -> of(e.getKey(), e.getValue())).toList();
  }

  private static StatisticsSection of(Feature feature, List<Statistic> statistics) {
    double min = statistics.stream().mapToDouble(s -> s.values().min()).min().orElseThrow();
    double max = statistics.stream().mapToDouble(s -> s.values().max()).max().orElseThrow();
    return min == max
        ? new StatisticsSection(
            feature.title(), feature.unit(), Optional.of(text(feature, min)), List.of())
        : new StatisticsSection(
            feature.title(),
            feature.unit(),
            Optional.empty(),
            statistics.stream().map(s -> row(s, min, max)).toList());
  }

  private static Row row(Statistic statistic, double from, double to) {
    Feature feature = statistic.feature();
    Distribution v = statistic.values();
    return new Row(
        statistic.finding(),
        statistic.split(),
        v.n(),
        text(feature, v.min()),
        text(feature, v.lowerQuartile()),
        text(feature, v.median()),
        text(feature, v.upperQuartile()),
        text(feature, v.max()),
        new Box(
            percent(v.min() - from, to - from),
            percent(v.max() - v.min(), to - from),
            percent(v.lowerQuartile() - from, to - from),
            percent(v.upperQuartile() - v.lowerQuartile(), to - from),
            percent(v.median() - from, to - from)));
  }

  private static String text(Feature feature, double value) {
    return String.format(Locale.ROOT, "%." + feature.decimals() + "f", value);
  }

  private static String percent(double part, double whole) {
    return String.format(Locale.ROOT, "%.2f", 100 * part / whole);
  }
}
