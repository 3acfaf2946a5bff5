package dev.cxr.data.audit;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import dev.cxr.data.catalogue.Finding;
import dev.cxr.data.catalogue.Split;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/** How features are spread: a table for each, and those that are the same for all as phrases. */
record StatisticsSection(List<Table> tables, List<String> profiles, List<String> constants) {

  /** A feature. */
  record Table(String title, String unit, List<Row> rows) {}

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

  static StatisticsSection of(List<Statistic> statistics) {
    StatisticsSection section =
        new StatisticsSection(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    statistics.stream()
        .collect(groupingBy(Statistic::feature, TreeMap::new, toList()))
        .forEach(section::add);
    return section;
  }

  boolean hasProfiles() {
    return !profiles.isEmpty();
  }

  boolean hasConstants() {
    return !constants.isEmpty();
  }

  private void add(Feature feature, List<Statistic> statistics) {
    double min = statistics.stream().mapToDouble(s -> s.values().min()).min().orElseThrow();
    double max = statistics.stream().mapToDouble(s -> s.values().max()).max().orElseThrow();
    if (min == max) {
      constants.add(feature.constant(min));
    } else if (feature == Feature.COLOUR_PROFILE) { // yes or no: quartiles would tell little
      statistics.forEach(s -> profiles.add(share(s)));
    } else {
      tables.add(
          new Table(
              feature.title(),
              feature.unit(),
              statistics.stream().map(s -> row(s, min, max)).toList()));
    }
  }

  private static String share(Statistic statistic) {
    Distribution v = statistic.values();
    return "%d of %d %s in %s"
        .formatted(Math.round(v.mean() * v.n()), v.n(), statistic.finding(), statistic.split());
  }

  private static Row row(Statistic statistic, double from, double to) {
    Feature feature = statistic.feature();
    Distribution v = statistic.values();
    return new Row(
        statistic.finding(),
        statistic.split(),
        v.n(),
        feature.text(v.min()),
        feature.text(v.lowerQuartile()),
        feature.text(v.median()),
        feature.text(v.upperQuartile()),
        feature.text(v.max()),
        new Box(
            percent(v.min() - from, to - from),
            percent(v.max() - v.min(), to - from),
            percent(v.lowerQuartile() - from, to - from),
            percent(v.upperQuartile() - v.lowerQuartile(), to - from),
            percent(v.median() - from, to - from)));
  }

  private static String percent(double part, double whole) {
    return String.format(Locale.ROOT, "%.2f", 100 * part / whole);
  }
}
