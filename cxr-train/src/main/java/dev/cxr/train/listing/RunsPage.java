package dev.cxr.train.listing;

import dev.cxr.common.html.Chart;
import dev.cxr.common.html.HtmlPage;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.Interval;
import dev.cxr.models.bundle.RecipeDifference;
import dev.cxr.train.report.RunTimes;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder of runs as one page of HTML. The template {@code runs.mustache} reads the methods by
 * their names.
 *
 * @param runsFolder what to show
 * @param file where the page will be, for its links
 */
public record RunsPage(RunsFolder runsFolder, Path file) {

  private static final List<RunMetric> COLUMNS =
      List.of(RunMetric.AUROC, RunMetric.RECALL, RunMetric.SPECIFICITY);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

  record Cell(String value, String interval) {}

  record RunRow(
      String name,
      Optional<String> link,
      String status,
      String started,
      String time,
      String epochs,
      String best,
      List<Cell> validation,
      List<Cell> test,
      String bundle) {}

  record BundleRow(
      String name, String architecture, List<Cell> validation, List<Cell> test, String id) {}

  record EvaluationRow(
      String name,
      Optional<String> link,
      String written,
      String owner,
      String dataset,
      String split,
      int images,
      List<Cell> values,
      String thresholdRule) {}

  /**
   * Formats a folder.
   *
   * @param folder the folder
   * @param file where the page will be written: it links to the reports of the runs
   * @return the page
   */
  public static String of(RunsFolder folder, Path file) {
    return HtmlPage.render(RunsPage.class, "runs", new RunsPage(folder, file));
  }

  Path folder() {
    return runsFolder.path();
  }

  String summary() {
    return runsFolder.counts();
  }

  boolean hasRuns() {
    return !runsFolder.runs().isEmpty();
  }

  private List<RunMetric> columns() {
    boolean multiClass =
        runsFolder.runs().stream()
            .anyMatch(run -> run.validationMetrics().containsKey(RunMetric.MULTI_CLASS_ACCURACY));
    return multiClass
        ? Stream.concat(COLUMNS.stream(), Stream.of(RunMetric.MULTI_CLASS_ACCURACY)).toList()
        : COLUMNS;
  }

  List<String> metrics() {
    return columns().stream().map(RunMetric::label).toList();
  }

  int metricCount() {
    return columns().size();
  }

  List<RunRow> runs() {
    return runsFolder.runs().stream().map(this::row).toList();
  }

  private RunRow row(RunSummary run) {
    List<Cell> validation = cells(run.validationMetrics());
    if (run.bundle().isEmpty()) {
      validation = new ArrayList<>(validation);
      validation.set(0, new Cell(RunsTable.aurocSoFar(run), ""));
    }
    return new RunRow(
        run.name(),
        link(run.folder()),
        run.status().toString(),
        TIME.format(run.started()),
        run.seconds() > 0 ? RunTimes.duration(run.seconds()) : "",
        RunsTable.epochs(run),
        RunsTable.bestEpoch(run),
        validation,
        cells(run.bundle().map(this::testMetrics).orElse(Map.of())),
        run.bundle().map(BundleSummary::id).orElse(""));
  }

  private Map<RunMetric, Estimate> testMetrics(BundleSummary bundle) {
    return runsFolder.test(bundle).map(RunsFolder.TestMetrics::metrics).orElse(Map.of());
  }

  private List<Cell> cells(Map<RunMetric, Estimate> metrics) {
    return columns().stream().map(metric -> cell(metrics.get(metric))).toList();
  }

  private static Cell cell(@Nullable Estimate estimate) {
    if (!(estimate instanceof Estimate.Defined defined)) {
      return new Cell(estimate == null ? "" : "not defined", "");
    }
    Interval interval = defined.bestInterval();
    return new Cell(
        text("%.3f", defined.value()),
        interval == null ? "" : text("%.3f to %.3f", interval.low(), interval.high()));
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  /** The report in a folder, relative to this page; empty without one. */
  private Optional<String> link(Path folder) {
    Path report = folder.resolve("report.html");
    Path page = file.toAbsolutePath().normalize();
    if (!Files.exists(report)) {
      return Optional.empty();
    }
    try {
      String path =
          page.resolveSibling("").relativize(report.toAbsolutePath().normalize()).toString();
      return Optional.of(new URI(null, null, path.replace('\\', '/'), null).toASCIIString());
    } catch (URISyntaxException | IllegalArgumentException e) {
      return Optional.empty(); // on another drive
    }
  }

  List<String> resumable() {
    return runsFolder.runs().stream().flatMap(run -> run.resumeCommand().stream()).toList();
  }

  boolean hasResumable() {
    return !resumable().isEmpty();
  }

  boolean isComparable() {
    return runsFolder.trainings().size() > 1;
  }

  List<String> trainings() {
    return runsFolder.trainings().stream().map(RunSummary::name).toList();
  }

  List<RecipeDifference> differences() {
    return runsFolder.differences();
  }

  boolean hasDifferences() {
    return !differences().isEmpty();
  }

  boolean hasCharts() {
    return !curves().runs().isEmpty();
  }

  private RunCurves curves() {
    return RunCurves.of(runsFolder);
  }

  String chartNote() {
    return curves().note();
  }

  List<RunCurves.LegendEntry> legend() {
    return curves().legend();
  }

  List<Chart> charts() {
    return curves().charts();
  }

  boolean hasBundles() {
    return !runsFolder.bundles().isEmpty();
  }

  List<BundleRow> bundles() {
    return runsFolder.bundles().stream()
        .map(
            bundle ->
                new BundleRow(
                    bundle.name(),
                    bundle.architecture(),
                    cells(bundle.validationMetrics()),
                    cells(testMetrics(bundle)),
                    bundle.id()))
        .toList();
  }

  boolean hasEvaluations() {
    return !runsFolder.evaluations().isEmpty();
  }

  /** A row for each bundle of an evaluation. */
  List<EvaluationRow> evaluations() {
    List<EvaluationRow> rows = new ArrayList<>();
    for (EvaluationSummary evaluation : runsFolder.evaluations()) {
      for (EvaluationSummary.EvaluatedBundle bundle : evaluation.bundles()) {
        rows.add(
            new EvaluationRow(
                evaluation.name(),
                link(evaluation.folder()),
                TIME.format(evaluation.written()),
                RunsTable.owner(runsFolder, bundle),
                evaluation.dataset(),
                evaluation.split(),
                evaluation.images(),
                cells(bundle.metrics()),
                bundle.thresholdRule()));
      }
    }
    return rows;
  }

  boolean hasOthers() {
    return !runsFolder.others().isEmpty();
  }

  List<RunsFolder.OtherResult> others() {
    return runsFolder.others();
  }

  boolean hasSkipped() {
    return !runsFolder.skipped().isEmpty();
  }

  List<RunsFolder.SkippedFolder> skipped() {
    return runsFolder.skipped();
  }
}
