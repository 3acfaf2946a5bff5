package dev.cxr.train.listing;

import dev.cxr.common.cli.TextTable;
import dev.cxr.common.cli.TextTable.Column;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.report.MetricText;
import dev.cxr.models.bundle.RecipeDifference;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A folder of runs as text for a terminal. */
public final class RunsTable {

  private static final int MAX_VALUE_LENGTH = 28;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT);

  private final RunsFolder folder;
  private final RunMetric metric;
  private final ZoneId zone;
  private final int width;
  private final List<String> parts = new ArrayList<>();

  private RunsTable(RunsFolder folder, RunMetric metric, ZoneId zone, int width) {
    this.folder = folder;
    this.metric = metric;
    this.zone = zone;
    this.width = width;
  }

  /**
   * Formats a folder.
   *
   * @param folder the folder
   * @param metric to show of validation and test
   * @param zone of the times
   * @param width of the terminal, in characters
   * @return lines
   */
  public static String format(RunsFolder folder, RunMetric metric, ZoneId zone, int width) {
    return new RunsTable(folder, metric, zone, width).text();
  }

  private String text() {
    parts.add("%s: %s%n".formatted(folder.path(), folder.counts()));
    addRuns();
    addDifferences();
    addBundles();
    addEvaluations();
    addList(
        "Other results", folder.others().stream().map(other -> other.name() + ": " + other.kind()));
    addList("Resume", folder.runs().stream().flatMap(run -> run.resumeCommand().stream()));
    addList(
        "Skipped",
        folder.skipped().stream().map(skipped -> skipped.name() + ": " + skipped.reason()));
    return String.join(System.lineSeparator(), parts);
  }

  private void addRuns() {
    List<RunSummary> runs = folder.runs();
    if (runs.isEmpty()) {
      return;
    }
    List<Column> columns =
        List.of(
            column("Run", runs, RunSummary::name),
            column("Status", runs, run -> run.status().toString()),
            new Column(
                "Started",
                runs.stream().map(run -> TIME.format(run.started().atZone(zone))).toList(),
                2),
            column("Epochs", runs, RunsTable::epochs),
            new Column("Best", runs.stream().map(RunsTable::bestEpoch).toList(), 1),
            column("Validation " + metric.label(), runs, this::validation),
            column("Test " + metric.label(), runs, run -> run.bundle().map(this::test).orElse("")),
            new Column(
                "Bundle",
                runs.stream().map(run -> run.bundle().map(BundleSummary::id).orElse("")).toList(),
                3));
    parts.add(new TextTable(columns).fitting(width).toString());
  }

  private static <T> Column column(String title, List<T> rows, Function<T, String> text) {
    return new Column(title, rows.stream().map(text).toList());
  }

  /** Such as {@code 9/12}. */
  static String epochs(RunSummary run) {
    return run.innerRuns().isEmpty() ? run.history().size() + "/" + run.overview().epochs() : "";
  }

  static String bestEpoch(RunSummary run) {
    return run.bestEpoch().isPresent() ? String.valueOf(run.bestEpoch().getAsInt()) : "";
  }

  /** Of the bundle; before it is there the AUROC of the best epoch so far, without an interval. */
  private String validation(RunSummary run) {
    return run.bundle().isPresent()
        ? text(run.validationMetrics().get(metric))
        : metric == RunMetric.AUROC ? aurocSoFar(run) : "";
  }

  static String aurocSoFar(RunSummary run) {
    return run.best()
        .flatMap(epoch -> Stream.ofNullable(epoch.validationAuroc()).findFirst())
        .map(auroc -> String.format(Locale.ROOT, "%.3f", auroc))
        .orElse("");
  }

  private String test(BundleSummary bundle) {
    return folder.test(bundle).map(test -> text(test.metrics().get(metric))).orElse("");
  }

  static String text(@Nullable Estimate estimate) {
    return estimate == null
        ? ""
        : estimate instanceof Estimate.Undefined
            ? "not defined"
            : MetricText.withInterval(estimate);
  }

  private void addDifferences() {
    List<RunSummary> runs = folder.trainings();
    if (runs.size() < 2) {
      return;
    }
    List<RecipeDifference> differences = folder.differences();
    if (differences.isEmpty()) {
      parts.add("Dataset and recipe do not differ.%n".formatted());
      return;
    }
    List<Column> columns = new ArrayList<>();
    columns.add(column("Differs", differences, RecipeDifference::key));
    for (int i = 0; i < runs.size(); i++) {
      int run = i;
      columns.add(
          column(
              runs.get(i).name(),
              differences,
              difference -> TextTable.shortened(difference.texts().get(run), MAX_VALUE_LENGTH)));
    }
    new TextTable(columns).wrapped(width).forEach(table -> parts.add(table.toString()));
  }

  private void addBundles() {
    List<BundleSummary> bundles = folder.bundles();
    if (!bundles.isEmpty()) {
      parts.add(
          new TextTable(
                  List.of(
                      column("Bundle", bundles, BundleSummary::name),
                      column("Id", bundles, BundleSummary::id),
                      new Column(
                          "Architecture",
                          bundles.stream()
                              .map(
                                  bundle ->
                                      TextTable.shortened(bundle.architecture(), MAX_VALUE_LENGTH))
                              .toList(),
                          1),
                      column(
                          "Validation " + metric.label(),
                          bundles,
                          bundle -> text(bundle.validationMetrics().get(metric))),
                      column("Test " + metric.label(), bundles, this::test)))
              .fitting(width)
              .toString());
    }
  }

  private record Row(
      String name, EvaluationSummary evaluation, EvaluationSummary.EvaluatedBundle bundle) {}

  private void addEvaluations() {
    List<Row> rows = new ArrayList<>();
    for (EvaluationSummary evaluation : folder.evaluations()) {
      String name = evaluation.name();
      for (EvaluationSummary.EvaluatedBundle bundle : evaluation.bundles()) {
        rows.add(new Row(name, evaluation, bundle));
        name = "";
      }
    }
    if (!rows.isEmpty()) {
      parts.add(
          new TextTable(
                  List.of(
                      column("Evaluation", rows, Row::name),
                      column("Bundle of", rows, row -> owner(folder, row.bundle)),
                      column("Split", rows, row -> row.evaluation.split()),
                      column("Dataset", rows, row -> row.evaluation.dataset()),
                      column("Images", rows, row -> String.valueOf(row.evaluation.images())),
                      column(metric.label(), rows, row -> text(row.bundle.metrics().get(metric)))))
              .toString());
    }
  }

  /** The run or folder that has the bundle, or else its model and id. */
  static String owner(RunsFolder folder, EvaluationSummary.EvaluatedBundle bundle) {
    return folder
        .ownerOf(bundle.id())
        .orElseGet(() -> "%s (%s)".formatted(bundle.model(), bundle.id()));
  }

  private void addList(String title, Stream<String> lines) {
    String text =
        lines.map(line -> "  " + line + System.lineSeparator()).collect(Collectors.joining());
    if (!text.isEmpty()) {
      parts.add(title + System.lineSeparator() + text);
    }
  }
}
