package dev.cxr.eval.report;

import dev.cxr.common.html.Chart;
import dev.cxr.common.html.HtmlPage;
import dev.cxr.eval.comparison.ComparisonRun;
import dev.cxr.eval.comparison.ModelComparison;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.RocCurve;
import dev.cxr.eval.metrics.comparison.SeedSummary;
import dev.cxr.eval.report.ValidityWarnings.Message;
import dev.cxr.models.bundle.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A comparison as one page of HTML: {@code report.html}. */
final class ComparisonPage {

  private static final int COLOURS = 4;

  /** More lines could not be distinguished. */
  private static final int MAX_LINES = 3 * COLOURS;

  private static final double[] UNIT_RANGE = {0, 1};
  private static final double SIGNIFICANCE_LEVEL = 0.05;

  private static final Map<String, String> METRIC_NAMES =
      Map.of(
          "auroc", "AUROC",
          "averagePrecision", "average precision",
          "recall", "sensitivity",
          "f1", "F1",
          "brier", "Brier score");

  private ComparisonPage() {}

  /** The values of {@code comparison.mustache}. */
  private record View(
      ComparisonRun run,
      String positive,
      int bundleCount,
      int images,
      long patients,
      String headline,
      List<Message> warnings,
      List<Model> models,
      boolean threeClasses,
      Chart roc,
      List<Pair> pairs,
      List<SeedRows> seedGroups) {}

  record Model(ModelComparison.ModelMetrics metrics, String architecture) {}

  record Pair(ModelComparison.ModelPair tests, boolean differs) {}

  record SeedRows(String members, List<SeedRow> rows) {}

  record SeedRow(String name, SeedSummary summary) {}

  static String of(ComparisonRun run) {
    return HtmlPage.render(ComparisonPage.class, "comparison", view(run), MetricText::display);
  }

  private static View view(ComparisonRun run) {
    ModelComparison comparison = run.comparison();
    return new View(
        run,
        run.bundles().get(0).manifest().positiveClass(),
        run.bundles().size(),
        run.models().get(0).predictions().size(),
        run.patients(),
        headline(comparison),
        ValidityWarnings.of(run),
        IntStream.range(0, comparison.models().size())
            .mapToObj(i -> model(comparison.models().get(i), run.bundles().get(i).manifest()))
            .toList(),
        comparison.models().stream().anyMatch(model -> model.multiClass().isPresent()),
        roc(comparison),
        comparison.pairs().stream()
            .map(pair -> new Pair(pair, isSignificant(pair.aurocCorrected())))
            .toList(),
        comparison.seedGroups().stream().map(ComparisonPage::seedGroup).toList());
  }

  private static Model model(ModelComparison.ModelMetrics metrics, Manifest manifest) {
    return new Model(
        metrics, manifest.architecture() + (manifest.knnIndex() == null ? "" : ", KNN"));
  }

  private static SeedRows seedGroup(ModelComparison.SeedReplicates group) {
    return new SeedRows(
        String.join(", ", group.members()),
        group.metrics().entrySet().stream()
            .map(e -> new SeedRow(METRIC_NAMES.getOrDefault(e.getKey(), e.getKey()), e.getValue()))
            .toList());
  }

  private static String headline(ModelComparison comparison) {
    long differ =
        comparison.pairs().stream().filter(pair -> isSignificant(pair.aurocCorrected())).count();
    int pairs = comparison.pairs().size();
    return differ == 0
        ? "No two bundles differ significantly in AUROC (DeLong, corrected for %d %s)."
            .formatted(pairs, pairs == 1 ? "pair" : "pairs")
        : "%d of %d pairs differ significantly in AUROC (DeLong, p below 0.05 after Holm’s correction)."
            .formatted(differ, pairs);
  }

  private static boolean isSignificant(Estimate p) {
    return p instanceof Estimate.Defined defined && defined.value() < SIGNIFICANCE_LEVEL;
  }

  private static Chart roc(ModelComparison comparison) {
    Chart.Builder chart =
        Chart.builder(
                "roc",
                "ROC curves",
                Chart.Axis.zeroToOne("1 − specificity"),
                Chart.Axis.zeroToOne("sensitivity"))
            .line("", "guide", UNIT_RANGE, UNIT_RANGE);
    List<ModelComparison.ModelMetrics> shown =
        comparison.models().subList(0, Math.min(MAX_LINES, comparison.models().size()));
    List<String> areas = new ArrayList<>();
    for (int i = 0; i < shown.size(); i++) {
      ModelComparison.ModelMetrics model = shown.get(i);
      RocCurve curve = model.binary().roc();
      chart.line(
          model.label(),
          "line-%d dash-%d".formatted(i % COLOURS, i / COLOURS),
          curve.fpr(),
          curve.tpr());
      EvaluationCharts.markOperatingPoint(chart, model.binary().confusion());
      areas.add(model.label() + " " + MetricText.plain(model.binary().auroc()));
    }
    String more =
        shown.size() < comparison.models().size()
            ? " Only the first %d bundles are shown.".formatted(MAX_LINES)
            : "";
    return chart.build(
        "Areas: %s. The marks are the operating thresholds; the dashed straight line is chance.%s"
            .formatted(String.join(", ", areas), more));
  }
}
