package dev.cxr.train.report;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.cxr.common.html.Chart;
import dev.cxr.common.html.HtmlPage;
import dev.cxr.eval.report.TrainingCharts;
import dev.cxr.train.loop.EpochMetrics;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The report as an HTML page. */
final class RunPage {

  /** The metrics that the page shows, where defined. */
  private static final Map<String, String> METRIC_NAMES =
      Map.of(
          "auroc", "AUROC",
          "averagePrecision", "average precision",
          "accuracy", "accuracy",
          "classesAccuracy", "accuracy of all classes",
          "balancedAccuracy", "balanced accuracy",
          "recall", "sensitivity, recall",
          "specificity", "specificity",
          "precision", "precision",
          "f1", "F1",
          "mcc", "Matthews correlation");

  private RunPage() {}

  /** The values of {@code run.mustache}. */
  private record View(
      RunReport report,
      String task,
      List<Chart> charts,
      List<String> columns,
      List<EpochRow> epochs,
      List<MetricRow> metrics,
      String threshold,
      String time,
      Optional<String> speed,
      Optional<Long> memory,
      String recipe) {}

  private record EpochRow(int number, boolean kept, List<String> cells) {}

  private record MetricRow(String name, String value, String interval, String n) {}

  /**
   * The page.
   *
   * @param recipe as YAML
   */
  static String of(RunReport report, List<EpochMetrics> epochs, String recipe) {
    Set<String> metrics = new LinkedHashSet<>();
    report.epochs().forEach(epoch -> metrics.addAll(epoch.metrics().keySet()));
    return HtmlPage.render(
        RunPage.class,
        "run",
        new View(
            report,
            report.task().name().toLowerCase(Locale.ROOT).replace('_', '-'),
            HistoryCharts.of(epochs, report.keptEpoch()),
            metrics.stream().map(RunPage::columnName).toList(),
            report.epochs().stream().map(row -> row(row, metrics, report.keptEpoch())).toList(),
            metricRows(report.validationMetrics()),
            "%s (%s)"
                .formatted(
                    TrainingCharts.formatNumber(report.threshold().value()),
                    report.threshold().rule()),
            RunTimes.duration(report.time().seconds()) + starts(report.time()),
            Optional.ofNullable(report.imagesPerSecond()).map(speed -> text("%.1f", speed)),
            Optional.ofNullable(report.peakMebibytes()),
            recipe.strip()));
  }

  /** Such as {@code validation AUROC} for {@code val_auroc}. */
  private static String columnName(String metric) {
    return metric
        .replace("train_", "training ")
        .replace("val_", "validation ")
        .replace("auroc", "AUROC")
        .replace('_', ' ');
  }

  private static EpochRow row(RunReport.EpochRecord row, Set<String> metrics, int kept) {
    List<String> cells = new ArrayList<>();
    for (String metric : metrics) {
      Double value = row.metrics().get(metric);
      cells.add(
          value == null
              ? "–"
              : metric.equals("learning_rate")
                  ? TrainingCharts.formatRate(value)
                  : TrainingCharts.formatNumber(value));
    }
    cells.add(row.imagesPerSecond() == null ? "–" : text("%.1f", row.imagesPerSecond()));
    cells.add(row.seconds() == null ? "–" : RunTimes.duration(row.seconds()));
    return new EpochRow(row.epoch(), row.epoch() == kept, cells);
  }

  /** In the order of the manifest; undefined metrics have a reason in place of a value. */
  private static List<MetricRow> metricRows(JsonElement validation) {
    List<MetricRow> rows = new ArrayList<>();
    validation
        .getAsJsonObject()
        .asMap()
        .forEach(
            (key, metric) -> {
              String name = METRIC_NAMES.get(key);
              if (name != null && metric instanceof JsonObject object && object.has("value")) {
                rows.add(metricRow(name, object));
              }
            });
    return rows;
  }

  private static MetricRow metricRow(String name, JsonObject metric) {
    String interval =
        metric.get("interval") instanceof JsonObject range
            ? text("%.3f to %.3f", range.get("low").getAsDouble(), range.get("high").getAsDouble())
            : "";
    JsonElement n = metric.get("n");
    return new MetricRow(
        name,
        text("%.3f", metric.get("value").getAsDouble()),
        interval,
        n == null ? "" : n.getAsString());
  }

  private static String starts(RunReport.Time time) {
    String starts = time.starts() == 1 ? "" : " over %d starts".formatted(time.starts());
    String killed =
        switch (time.killed()) {
          case 0 -> "";
          case 1 -> "; one was killed, and its time after the last checkpoint is not counted";
          default ->
              "; %d were killed, and their time after the last checkpoint is not counted"
                  .formatted(time.killed());
        };
    return starts + killed;
  }

  private static String text(String format, @Nullable Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
