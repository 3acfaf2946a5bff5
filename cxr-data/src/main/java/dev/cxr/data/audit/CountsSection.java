package dev.cxr.data.audit;

import dev.cxr.data.index.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The counts by split and finding, as a table and as bars. */
record CountsSection(
    List<Finding> findings, List<LegendEntry> legend, List<Row> rows, List<Bar> bars) {

  /** The colour of a finding. */
  record LegendEntry(int series, Finding finding) {}

  /** A split: images and patients of each finding, and in total. */
  record Row(Object split, List<Cell> cells, Cell total) {}

  record Cell(long images, long patients) {}

  /** A split as a bar; its width is in percent of the largest split. */
  record Bar(Object split, String width, long images, List<BarSegment> segments) {}

  /** A finding within a bar; its width is in percent of the bar. */
  record BarSegment(int series, String width) {}

  static CountsSection of(List<SplitCount> counts) {
    List<Finding> findings =
        counts.get(0).findings().stream().map(SplitCount.FindingCount::finding).toList();
    List<Row> rows = counts.stream().map(CountsSection::row).toList();
    long largest = Math.max(1, counts.stream().mapToLong(SplitCount::images).max().orElse(1));
    List<Bar> bars = counts.stream().map(count -> bar(count, largest)).toList();
    List<LegendEntry> legend = new ArrayList<>();
    findings.forEach(finding -> legend.add(new LegendEntry(legend.size(), finding)));
    return new CountsSection(findings, legend, rows, bars);
  }

  private static Row row(SplitCount count) {
    return new Row(
        count.split(),
        count.findings().stream().map(f -> new Cell(f.images(), f.patients())).toList(),
        new Cell(count.images(), count.patients()));
  }

  private static Bar bar(SplitCount count, long largest) {
    List<BarSegment> segments = new ArrayList<>();
    for (SplitCount.FindingCount f : count.findings()) {
      segments.add(
          new BarSegment(segments.size(), percent(f.images(), Math.max(1, count.images()))));
    }
    return new Bar(count.split(), percent(count.images(), largest), count.images(), segments);
  }

  private static String percent(long part, long whole) {
    return String.format(Locale.ROOT, "%.2f", 100.0 * part / whole);
  }
}
