package dev.cxr.eval.report;

import dev.cxr.common.html.Chart;
import dev.cxr.common.html.HtmlPage;
import dev.cxr.eval.comparison.ComparisonRun;
import dev.cxr.eval.comparison.ModelComparison;
import dev.cxr.eval.comparison.ModelEntry;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.RocCurve;
import dev.cxr.eval.metrics.comparison.SeedSummary;
import dev.cxr.eval.report.ValidityWarnings.Message;
import dev.cxr.models.bundle.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A comparison as one page of HTML: {@code report.html}. The template {@code comparison.mustache}
 * reads the methods and fields by their names.
 *
 * @param run the comparison
 */
record ComparisonPage(ComparisonRun run) {

  private static final double SIGNIFICANCE_LEVEL = 0.05;

  private static final Map<String, String> METRIC_NAMES =
      Map.of(
          "auroc", "AUROC",
          "averagePrecision", "average precision",
          "recall", "sensitivity",
          "f1", "F1",
          "brier", "Brier score");

  record Model(ModelComparison.ModelMetrics metrics, String architecture) {}

  record Pair(ModelComparison.ModelPair tests, boolean differs) {}

  record SeedRows(String members, List<SeedRow> rows) {}

  record SeedRow(String name, SeedSummary summary) {}

  static String of(ComparisonRun run) {
    return HtmlPage.render(
        ComparisonPage.class, "comparison", new ComparisonPage(run), MetricText::display);
  }

  String positive() {
    return run.bundles().get(0).manifest().positiveClass();
  }

  int bundleCount() {
    return run.bundles().size();
  }

  int images() {
    return run.models().get(0).predictions().size();
  }

  List<Message> warnings() {
    return ValidityWarnings.of(run);
  }

  boolean multiClass() {
    return run.comparison().models().stream().anyMatch(model -> model.multiClass().isPresent());
  }

  boolean cascades() {
    return run.comparison().models().stream().anyMatch(model -> model.cascade().isPresent());
  }

  List<Model> models() {
    return IntStream.range(0, run.comparison().models().size())
        .mapToObj(i -> model(run.comparison().models().get(i), run.bundles().get(i).manifest()))
        .toList();
  }

  private static Model model(ModelComparison.ModelMetrics metrics, Manifest manifest) {
    return new Model(
        metrics, manifest.architecture() + (manifest.knnIndex() == null ? "" : ", KNN"));
  }

  List<Pair> pairs() {
    return run.comparison().pairs().stream()
        .map(pair -> new Pair(pair, isSignificant(pair.aurocCorrected())))
        .toList();
  }

  List<SeedRows> seedGroups() {
    return run.comparison().seedGroups().stream().map(ComparisonPage::seedGroup).toList();
  }

  private static SeedRows seedGroup(ModelComparison.SeedReplicates group) {
    return new SeedRows(
        String.join(", ", group.members()),
        group.metrics().entrySet().stream()
            .map(e -> new SeedRow(METRIC_NAMES.getOrDefault(e.getKey(), e.getKey()), e.getValue()))
            .toList());
  }

  List<String> labels() {
    return run.models().stream().map(ModelEntry::label).toList();
  }

  boolean hasRecipeDifferences() {
    return !run.recipeDifferences().isEmpty();
  }

  String headline() {
    long differ = pairs().stream().filter(Pair::differs).count();
    int pairs = run.comparison().pairs().size();
    return differ == 0
        ? "No two bundles differ significantly in AUROC (DeLong, corrected for %d %s)."
            .formatted(pairs, pairs == 1 ? "pair" : "pairs")
        : "%d of %d pairs differ significantly in AUROC (DeLong, p below 0.05 after Holm’s correction)."
            .formatted(differ, pairs);
  }

  private static boolean isSignificant(Estimate p) {
    return p.valueOr(1) < SIGNIFICANCE_LEVEL;
  }

  Chart roc() {
    Chart.Builder chart = EvaluationCharts.roc("ROC curves");
    List<ModelComparison.ModelMetrics> shown =
        run.comparison()
            .models()
            .subList(0, Math.min(Chart.MAX_LINES, run.comparison().models().size()));
    List<String> areas = new ArrayList<>();
    for (int i = 0; i < shown.size(); i++) {
      ModelComparison.ModelMetrics model = shown.get(i);
      RocCurve curve = model.binary().roc();
      chart.line(model.label(), Chart.lineStyle(i), curve.fpr(), curve.tpr());
      EvaluationCharts.markOperatingPoint(chart, model.binary().confusion());
      areas.add(model.label() + " " + MetricText.plain(model.binary().auroc()));
    }
    String more =
        shown.size() < run.comparison().models().size()
            ? " Only the first %d bundles are shown.".formatted(Chart.MAX_LINES)
            : "";
    return chart.build(
        "Areas: %s. The marks are the operating thresholds; the dashed straight line is chance.%s"
            .formatted(String.join(", ", areas), more));
  }
}
