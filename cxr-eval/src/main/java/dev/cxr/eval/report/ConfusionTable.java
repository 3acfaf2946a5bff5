package dev.cxr.eval.report;

import dev.cxr.eval.evaluation.EvaluationMetrics;
import dev.cxr.eval.metrics.ConfusionMatrix;
import dev.cxr.eval.metrics.MultiClassConfusionMatrix;
import dev.cxr.models.bundle.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** A confusion matrix: counts, each with its share of the row. */
record ConfusionTable(String label, MultiClassConfusionMatrix matrix) {

  record Row(String actualClass, List<Cell> cells, long support) {}

  record Cell(long count, String share, String fill) {}

  /** One matrix; with several classes also the positive one, and the cascade. */
  static List<ConfusionTable> of(EvaluationMetrics metrics, Manifest manifest) {
    MultiClassConfusionMatrix counts = metrics.multiClass().confusion();
    if (manifest.classes().size() == 2) {
      return List.of(new ConfusionTable("at the operating threshold", counts));
    }
    List<ConfusionTable> tables = new ArrayList<>();
    tables.add(new ConfusionTable("by the most probable class", counts));
    ConfusionMatrix binary = metrics.binary().confusion();
    tables.add(
        new ConfusionTable(
            MetricText.positive(manifest) + ", at the operating threshold",
            new MultiClassConfusionMatrix(
                List.of(manifest.task().negativeLabel(), manifest.positiveClass()),
                List.of(List.of(binary.tn(), binary.fp()), List.of(binary.fn(), binary.tp())))));
    metrics
        .cascade()
        .ifPresent(
            cascade ->
                tables.add(
                    new ConfusionTable(
                        "as a cascade: pneumonia at the operating threshold, then the more probable subtype",
                        cascade.endToEnd().confusion())));
    return tables;
  }

  List<String> classes() {
    return matrix.classes();
  }

  List<Row> rows() {
    return IntStream.range(0, matrix.classes().size())
        .mapToObj(actual -> row(matrix.classes().get(actual), matrix.counts().get(actual)))
        .toList();
  }

  private static Row row(String actualClass, List<Long> counts) {
    long support = counts.stream().mapToLong(Long::longValue).sum();
    return new Row(
        actualClass, counts.stream().map(count -> cell(count, support)).toList(), support);
  }

  private static Cell cell(long count, long support) {
    double share = support == 0 ? 0 : (double) count / support;
    return new Cell(
        count,
        support == 0 ? "–" : String.format(Locale.ROOT, "%.1f %%", 100 * share),
        String.format(Locale.ROOT, "%.0f", 55 * share));
  }
}
