package dev.cxr.train.report;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.cxr.common.html.Chart;
import dev.cxr.common.html.HtmlPage;
import dev.cxr.models.bundle.Manifest;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The report as an HTML page. */
final class RunPage {

  private static final Map<String, String> COLUMN_NAMES =
      Map.of(
          HistoryRow.TRAINING_LOSS, "training loss",
          HistoryRow.TRAINING_ACCURACY, "training accuracy",
          HistoryRow.VALIDATION_LOSS, "validation loss",
          HistoryRow.VALIDATION_ACCURACY, "validation accuracy",
          HistoryRow.VALIDATION_AUROC, "validation AUROC",
          HistoryRow.LEARNING_RATE, "learning rate");

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
      List<Advice> advice,
      List<Chart> charts,
      List<String> columns,
      List<EpochRow> epochs,
      List<MetricRow> metrics,
      String threshold,
      List<Fact> facts,
      List<Fact> data,
      String recipe) {}

  private record EpochRow(int number, boolean kept, List<String> cells) {}

  private record MetricRow(String name, String value, String interval, String n) {}

  private record Fact(String name, String text) {}

  /**
   * The page.
   *
   * @param recipe as YAML
   */
  static String of(RunReport report, List<HistoryRow> epochs, String recipe) {
    Set<String> metrics = new LinkedHashSet<>();
    epochs.forEach(epoch -> metrics.addAll(epoch.metrics().keySet()));
    List<String> columns = new ArrayList<>();
    metrics.forEach(name -> columns.add(COLUMN_NAMES.getOrDefault(name, name.replace('_', ' '))));
    columns.add("img/s");
    columns.add("time");
    return HtmlPage.render(
        RunPage.class,
        "run",
        new View(
            report,
            report.task().name().toLowerCase(Locale.ROOT).replace('_', '-'),
            report.advice(),
            HistoryCharts.of(epochs, report.keptEpoch()),
            columns,
            report.epochs().stream().map(row -> row(row, metrics, report.keptEpoch())).toList(),
            metricRows(report.validationMetrics()),
            "%s (%s)"
                .formatted(
                    HistoryCharts.formatNumber(report.threshold().value()),
                    report.threshold().rule()),
            facts(report),
            data(report.data()),
            recipe.strip()));
  }

  private static EpochRow row(RunReport.EpochRecord row, Set<String> metrics, int kept) {
    List<String> cells = new ArrayList<>();
    for (String metric : metrics) {
      Double value = row.metrics().get(metric);
      cells.add(value == null ? "–" : cell(metric, value));
    }
    cells.add(row.imagesPerSecond() == null ? "–" : text("%.1f", row.imagesPerSecond()));
    cells.add(row.seconds() == null ? "–" : duration(row.seconds()));
    return new EpochRow(row.epoch(), row.epoch() == kept, cells);
  }

  private static String cell(String metric, double value) {
    return metric.equals(HistoryRow.LEARNING_RATE)
        ? HistoryCharts.formatRate(value)
        : HistoryCharts.formatNumber(value);
  }

  /** In the order of the manifest; undefined metrics have a reason in place of a value. */
  private static List<MetricRow> metricRows(JsonElement validation) {
    return validation.getAsJsonObject().entrySet().stream()
        .filter(
            entry -> METRIC_NAMES.containsKey(entry.getKey()) && entry.getValue().isJsonObject())
        .filter(entry -> entry.getValue().getAsJsonObject().has("value"))
        .map(
            entry ->
                metricRow(
                    METRIC_NAMES.getOrDefault(entry.getKey(), entry.getKey()),
                    entry.getValue().getAsJsonObject()))
        .toList();
  }

  private static MetricRow metricRow(String name, JsonObject metric) {
    String interval = "";
    if (metric.get("interval") instanceof JsonObject range) {
      interval =
          text("%.3f to %.3f", range.get("low").getAsDouble(), range.get("high").getAsDouble());
    }
    JsonElement n = metric.get("n");
    return new MetricRow(
        name,
        text("%.3f", metric.get("value").getAsDouble()),
        interval,
        n == null ? "" : n.getAsString());
  }

  private static List<Fact> facts(RunReport report) {
    RunReport.Time time = report.time();
    List<Fact> facts = new ArrayList<>();
    facts.add(new Fact("Time", duration(time.seconds()) + starts(time)));
    if (report.imagesPerSecond() != null) {
      facts.add(
          new Fact(
              "Speed",
              text("%.1f images per second in training (median)", report.imagesPerSecond())));
    }
    if (report.peakMebibytes() != null) {
      facts.add(
          new Fact("Memory", text("%d MiB at most, without GPU memory", report.peakMebibytes())));
    }
    facts.add(new Fact("Device", report.device()));
    Manifest.Versions versions = report.versions();
    facts.add(
        new Fact(
            "Versions",
            "cxr %s (%s), DJL %s, PyTorch %s, Java %s"
                .formatted(
                    versions.cxr(),
                    versions.gitCommit(),
                    versions.djl(),
                    versions.pytorch(),
                    versions.java())));
    return facts;
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

  private static List<Fact> data(Manifest.DatasetInfo data) {
    List<Fact> facts = new ArrayList<>();
    facts.add(new Fact("Dataset", data.name()));
    data.splits()
        .forEach(
            (split, counts) ->
                facts.add(
                    new Fact(
                        split.substring(0, 1).toUpperCase(Locale.ROOT) + split.substring(1),
                        "%d images: %s"
                            .formatted(
                                counts.count(),
                                counts.perClass().entrySet().stream()
                                    .map(entry -> entry.getValue() + " " + entry.getKey())
                                    .collect(Collectors.joining(", "))))));
    facts.add(new Fact("Validation split", data.splitRule()));
    return facts;
  }

  /** Such as {@code 3 h 5 min}, {@code 12 min 30 s} or {@code 4.2 s}. */
  static String duration(double seconds) {
    if (seconds < 60) {
      return text("%.1f s", seconds);
    }
    long whole = Math.round(seconds);
    return whole < 3600
        ? text("%d min %d s", whole / 60, whole % 60)
        : text("%d h %d min", whole / 3600, whole % 3600 / 60);
  }

  private static String text(String format, @Nullable Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
