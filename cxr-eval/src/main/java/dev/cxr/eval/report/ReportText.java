package dev.cxr.eval.report;

import dev.cxr.data.index.Task;
import dev.cxr.eval.metrics.BinaryMetrics;
import dev.cxr.eval.metrics.ConfusionMatrix;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.Interval;
import dev.cxr.eval.metrics.MultiClassMetrics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

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
    StringBuilder text = new StringBuilder();
    text.append(String.format(Locale.ROOT, row, "", "predicted", "predicted"));
    text.append(String.format(Locale.ROOT, row, "", negative, positive));
    text.append(String.format(Locale.ROOT, row, "actual " + negative, counts.tn(), counts.fp()));
    text.append(String.format(Locale.ROOT, row, "actual " + positive, counts.fn(), counts.tp()));
    text.append(System.lineSeparator());
    text.append(
        String.format(
            Locale.ROOT, "  %-20s %12.4f   %s%n", "threshold", report.threshold(), thresholdRule));
    metrics(report).forEach((name, metric) -> text.append(line(name, metric)));
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
    StringBuilder text = new StringBuilder();
    for (int actual = -1; actual < classes.size(); actual++) {
      text.append("  ")
          .append(left(actual < 0 ? "predicted" : "actual " + classes.get(actual), first));
      for (int predicted = 0; predicted < classes.size(); predicted++) {
        String name = classes.get(predicted);
        String cell =
            actual < 0
                ? name
                : String.valueOf(report.confusion().counts().get(actual).get(predicted));
        text.append(String.format(Locale.ROOT, " %" + name.length() + "s", cell));
      }
      text.append(System.lineSeparator());
    }
    text.append(System.lineSeparator());
    text.append(line("accuracy", report.accuracy()));
    text.append(line("balanced accuracy", report.balancedAccuracy()));
    text.append(line("macro F1", report.macro().f1()));
    return text.toString();
  }

  private static String left(String text, int width) {
    return String.format(Locale.ROOT, "%-" + width + "s", text);
  }

  private static Map<String, Estimate> metrics(BinaryMetrics report) {
    Map<String, Estimate> metrics = new LinkedHashMap<>();
    metrics.put("accuracy", report.accuracy());
    metrics.put("precision", report.precision());
    metrics.put("recall, sensitivity", report.recall());
    metrics.put("specificity", report.specificity());
    metrics.put("F1", report.f1());
    metrics.put("AUROC", report.auroc());
    return metrics;
  }

  private static String line(String name, Estimate estimate) {
    if (estimate instanceof Estimate.Undefined undefined) {
      return String.format(
          Locale.ROOT, "  %-20s %12s   not defined: %s%n", name, "", undefined.reason());
    }
    Estimate.Defined defined = (Estimate.Defined) estimate;
    Interval interval = defined.bestInterval();
    String range =
        interval == null
            ? ""
            : String.format(Locale.ROOT, "%.4f to %.4f", interval.low(), interval.high());
    return String.format(
        Locale.ROOT, "  %-20s %12.4f   %-18s n %d%n", name, defined.value(), range, defined.n());
  }
}
