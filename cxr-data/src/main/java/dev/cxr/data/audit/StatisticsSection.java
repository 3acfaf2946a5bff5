package dev.cxr.data.audit;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import dev.cxr.data.index.Finding;
import dev.cxr.data.index.Split;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** The distributions: a table for each feature, and a phrase for each constant feature. */
record StatisticsSection(List<Table> tables, List<String> constants) {

  /** The minimum and maximum over all rows are the ends of the box plots. */
  record Table(String title, String unit, String from, String to, List<Row> rows) {}

  /** One finding in one split, as text. */
  record Row(
      Finding finding,
      Split split,
      int n,
      String min,
      String lowerQuartile,
      String median,
      String upperQuartile,
      String max) {}

  static StatisticsSection of(List<FeatureStatistics> statistics) {
    StatisticsSection section = new StatisticsSection(new ArrayList<>(), new ArrayList<>());
    statistics.stream()
        .collect(groupingBy(FeatureStatistics::feature, TreeMap::new, toList()))
        .forEach(section::add);
    return section;
  }

  boolean hasConstants() {
    return !constants.isEmpty();
  }

  private void add(ImageFeature feature, List<FeatureStatistics> statistics) {
    double min = statistics.stream().mapToDouble(s -> s.distribution().min()).min().orElseThrow();
    double max = statistics.stream().mapToDouble(s -> s.distribution().max()).max().orElseThrow();
    if (min == max) {
      constants.add(feature.describeConstant(min));
    } else if (feature != ImageFeature.ICC_PROFILE) { // 0 or 1: quartiles say little
      tables.add(
          new Table(
              feature.title(),
              feature.unit(),
              feature.format(min),
              feature.format(max),
              statistics.stream().map(StatisticsSection::row).toList()));
    }
  }

  private static Row row(FeatureStatistics statistic) {
    ImageFeature feature = statistic.feature();
    Distribution v = statistic.distribution();
    return new Row(
        statistic.finding(),
        statistic.split(),
        v.n(),
        feature.format(v.min()),
        feature.format(v.lowerQuartile()),
        feature.format(v.median()),
        feature.format(v.upperQuartile()),
        feature.format(v.max()));
  }
}
