package dev.cxr.data.audit;

import dev.cxr.data.catalogue.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The table of counts by split and finding, and the same as bars. */
record CountsSection(List<Finding> findings, List<Key> keys, List<Row> rows, List<Bar> bars) {

  /** The colour of a finding. */
  record Key(int series, Finding finding) {}

  /** A split: pictures and patients of each finding, and of all. */
  record Row(Object split, List<Cell> cells, Cell all) {}

  /** A number of pictures and of patients. */
  record Cell(long pictures, long patients) {}

  /** A split as a bar; its width is its share of the greatest split, in percent. */
  record Bar(Object split, String width, long pictures, List<Part> parts) {}

  /** A finding within a bar; its width is its share of the bar, in percent. */
  record Part(int series, String width) {}

  static CountsSection of(List<Count> counts) {
    List<Finding> findings =
        counts.get(0).findings().stream().map(Count.OfFinding::finding).toList();
    List<Row> rows = counts.stream().map(CountsSection::row).toList();
    long greatest = Math.max(1, counts.stream().mapToLong(Count::pictures).max().orElse(1));
    List<Bar> bars = counts.stream().map(count -> bar(count, greatest)).toList();
    List<Key> keys = new ArrayList<>();
    findings.forEach(finding -> keys.add(new Key(keys.size(), finding)));
    return new CountsSection(findings, keys, rows, bars);
  }

  private static Row row(Count count) {
    return new Row(
        count.split(),
        count.findings().stream().map(f -> new Cell(f.pictures(), f.patients())).toList(),
        new Cell(count.pictures(), count.patients()));
  }

  private static Bar bar(Count count, long greatest) {
    List<Part> parts = new ArrayList<>();
    for (Count.OfFinding f : count.findings()) {
      parts.add(new Part(parts.size(), percent(f.pictures(), Math.max(1, count.pictures()))));
    }
    return new Bar(count.split(), percent(count.pictures(), greatest), count.pictures(), parts);
  }

  private static String percent(long part, long whole) {
    return String.format(Locale.ROOT, "%.2f", 100.0 * part / whole);
  }
}
