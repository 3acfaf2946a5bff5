package dev.cxr.eval.report;

import dev.cxr.eval.evaluation.EvaluationMetrics;
import dev.cxr.eval.metrics.ConfusionMatrix;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.MultiClassConfusionMatrix;
import dev.cxr.eval.metrics.MultiClassMetrics;
import dev.cxr.models.bundle.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Confusion matrices and the classification report of the page.
 *
 * @param confusions one matrix; with three classes also any pneumonia, and the cascade
 * @param classRows every class, then the means
 */
record ConfusionSection(List<Confusion> confusions, List<ClassRow> classRows) {

  /** Counts, each with its share of the row. */
  record Confusion(String label, List<String> classes, List<ConfusionRow> rows) {}

  record ConfusionRow(String actualClass, List<Cell> cells, long support) {}

  record Cell(long count, String share, String fill) {}

  record ClassRow(
      String name, MetricText precision, MetricText recall, MetricText f1, String support) {}

  static ConfusionSection of(EvaluationMetrics metrics, Manifest manifest) {
    MultiClassMetrics report = metrics.multiClass();
    List<Confusion> confusions = new ArrayList<>();
    confusions.add(
        confusion(
            manifest.classes().size() == 2
                ? "at the operating threshold"
                : "by the most probable class",
            report.confusion()));
    if (manifest.classes().size() > 2) {
      confusions.add(binary(metrics.binary().confusion(), manifest));
    }
    metrics
        .cascade()
        .ifPresent(
            cascade ->
                confusions.add(
                    confusion(
                        "as a cascade: pneumonia at the operating threshold, then the more probable subtype",
                        cascade.endToEnd().confusion())));
    return new ConfusionSection(confusions, classRows(report));
  }

  private static Confusion confusion(String label, MultiClassConfusionMatrix counts) {
    List<ConfusionRow> rows = new ArrayList<>();
    for (int actual = 0; actual < counts.classes().size(); actual++) {
      long support = counts.support(actual);
      rows.add(
          new ConfusionRow(
              counts.classes().get(actual),
              counts.counts().get(actual).stream().map(count -> cell(count, support)).toList(),
              support));
    }
    return new Confusion(label, counts.classes(), rows);
  }

  private static Confusion binary(ConfusionMatrix c, Manifest manifest) {
    String negative = manifest.classes().get(0);
    String positive = manifest.positiveClass();
    return new Confusion(
        "any pneumonia, at the operating threshold",
        List.of(negative, positive),
        List.of(
            new ConfusionRow(
                negative,
                List.of(cell(c.tn(), c.tn() + c.fp()), cell(c.fp(), c.tn() + c.fp())),
                c.tn() + c.fp()),
            new ConfusionRow(
                positive,
                List.of(cell(c.fn(), c.tp() + c.fn()), cell(c.tp(), c.tp() + c.fn())),
                c.tp() + c.fn())));
  }

  private static Cell cell(long count, long support) {
    double share = support == 0 ? 0 : (double) count / support;
    return new Cell(
        count,
        support == 0 ? "–" : String.format(Locale.ROOT, "%.1f %%", 100 * share),
        String.format(Locale.ROOT, "%.0f", 55 * share));
  }

  private static List<ClassRow> classRows(MultiClassMetrics report) {
    List<ClassRow> rows = new ArrayList<>();
    for (MultiClassMetrics.ClassMetrics c : report.classes()) {
      rows.add(classRow(c.name(), c.precision(), c.recall(), c.f1(), String.valueOf(c.support())));
    }
    String all = String.valueOf(report.confusion().n());
    rows.add(average("macro mean", report.macro(), all));
    rows.add(average("weighted mean", report.weighted(), all));
    return rows;
  }

  private static ClassRow average(String name, MultiClassMetrics.Average mean, String support) {
    return classRow(name, mean.precision(), mean.recall(), mean.f1(), support);
  }

  private static ClassRow classRow(
      String name, Estimate precision, Estimate recall, Estimate f1, String support) {
    return new ClassRow(
        name,
        MetricText.of("precision", precision),
        MetricText.of("recall", recall),
        MetricText.of("F1", f1),
        support);
  }
}
