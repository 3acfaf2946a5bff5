package dev.cxr.eval.report;

import dev.cxr.data.index.Task;
import dev.cxr.eval.metrics.BinaryMetrics;
import dev.cxr.eval.metrics.ConfusionMatrix;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.Interval;
import dev.cxr.eval.metrics.MultiClassMetrics;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;

/** Metrics as text for a terminal. */
public final class ReportText {

  private ReportText() {}

  /**
   * Confusion matrix, threshold and metrics with their 95 % intervals, by patient where those are
   * known, on several lines.
   *
   * @param report the metrics
   * @param task names the classes
   * @param thresholdRule how the threshold was chosen
   * @return the text, lines ended by the system's line separator
   */
  public static String of(BinaryMetrics report, Task task, String thresholdRule) {
    String negative = task.classes().get(0);
    String positive = task.positiveClass();
    ConfusionMatrix counts = report.confusion();
    int first = Math.max(20, 7 + Math.max(negative.length(), positive.length()));
    int other = Math.max(12, Math.max(negative.length(), positive.length()));
    String row = "  %-" + first + "s %" + other + "s %" + other + "s%n";
    Formatter text = new Formatter(Locale.ROOT);
    text.format(row, "", "predicted", "predicted");
    text.format(row, "", negative, positive);
    text.format(row, "actual " + negative, counts.tn(), counts.fp());
    text.format(row, "actual " + positive, counts.fn(), counts.tp());
    text.format("%n");
    text.format("  %-20s %12.4f   %s%n", "threshold", report.threshold(), thresholdRule);
    line(text, "accuracy", report.accuracy());
    line(text, "precision", report.precision());
    line(text, "recall, sensitivity", report.recall());
    line(text, "specificity", report.specificity());
    line(text, "F1", report.f1());
    line(text, "AUROC", report.auroc());
    return text.toString();
  }

  /**
   * {@return confusion matrix of several classes, and metrics with their intervals}
   *
   * @param report the metrics
   */
  public static String of(MultiClassMetrics report) {
    List<String> classes = report.confusion().classes();
    int first = 7 + classes.stream().mapToInt(String::length).max().orElseThrow();
    Formatter text = new Formatter(Locale.ROOT);
    for (int actual = -1; actual < classes.size(); actual++) {
      String row = actual < 0 ? "predicted" : "actual " + classes.get(actual);
      text.format("  %-" + first + "s", row);
      for (int predicted = 0; predicted < classes.size(); predicted++) {
        String name = classes.get(predicted);
        String cell =
            actual < 0
                ? name
                : String.valueOf(report.confusion().counts().get(actual).get(predicted));
        text.format(" %" + name.length() + "s", cell);
      }
      text.format("%n");
    }
    text.format("%n");
    line(text, "accuracy", report.accuracy());
    line(text, "balanced accuracy", report.balancedAccuracy());
    line(text, "macro F1", report.macro().f1());
    return text.toString();
  }

  private static void line(Formatter text, String name, Estimate estimate) {
    if (estimate instanceof Estimate.Defined defined) {
      Interval interval = defined.bestInterval();
      String range =
          interval == null
              ? ""
              : String.format(Locale.ROOT, "%.4f to %.4f", interval.low(), interval.high());
      text.format("  %-20s %12.4f   %-18s n %d%n", name, defined.value(), range, defined.n());
    } else if (estimate instanceof Estimate.Undefined undefined) {
      text.format("  %-20s %12s   not defined: %s%n", name, "", undefined.reason());
    }
  }
}
