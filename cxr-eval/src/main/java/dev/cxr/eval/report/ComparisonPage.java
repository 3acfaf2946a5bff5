package dev.cxr.eval.report;

import dev.cxr.common.html.Chart;
import dev.cxr.common.html.HtmlPage;
import dev.cxr.eval.comparison.ComparisonRun;
import dev.cxr.eval.comparison.ModelComparison;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.RocCurve;
import dev.cxr.eval.metrics.comparison.DeLongTest;
import dev.cxr.eval.metrics.comparison.McNemarTest;
import dev.cxr.eval.metrics.comparison.SeedSummary;
import dev.cxr.eval.report.ValidityWarnings.Message;
import dev.cxr.models.bundle.Manifest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** A comparison as one page of HTML: {@code report.html}. */
final class ComparisonPage {

  private static final int COLOURS = 4;

  /** More lines could not be distinguished. */
  private static final int MAX_LINES = 3 * COLOURS;

  private static final double[] UNIT_RANGE = {0, 1};
  private static final double SIGNIFICANCE_LEVEL = 0.05;

  private static final Map<String, String> METRIC_NAMES = metricNames();

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
      List<ModelRow> models,
      boolean threeClasses,
      Chart roc,
      List<PairRow> pairs,
      List<SeedGroupView> seedGroups) {}

  record ModelRow(
      String label,
      String architecture,
      String threshold,
      MetricText auroc,
      MetricText sensitivity,
      MetricText specificity,
      MetricText accuracy,
      MetricText f1,
      MetricText brier,
      Optional<ThreeClassMetrics> classes) {}

  record ThreeClassMetrics(
      MetricText accuracy,
      MetricText macroF1,
      MetricText cascadeAccuracy,
      MetricText bacterialVsViralAuroc) {}

  record PairRow(
      String first,
      String second,
      MetricText difference,
      String aurocP,
      String decisions,
      String decisionsP,
      Optional<ClassTest> classes,
      boolean differs) {}

  record ClassTest(
      String correctAlone, String p, MetricText bacterialVsViralAuroc, String bacterialVsViralP) {}

  record SeedGroupView(String members, List<SeedSummaryRow> rows) {}

  record SeedSummaryRow(
      String name, MetricText mean, MetricText deviation, String range, int undefined) {}

  static String of(ComparisonRun run) {
    return HtmlPage.render(ComparisonPage.class, "comparison", view(run));
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
            .mapToObj(i -> modelRow(comparison.models().get(i), run.bundles().get(i).manifest()))
            .toList(),
        comparison.models().stream().anyMatch(s -> s.multiClass().isPresent()),
        roc(comparison),
        comparison.pairs().stream().map(ComparisonPage::pair).toList(),
        comparison.seedGroups().stream().map(ComparisonPage::seedGroup).toList());
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

  private static ModelRow modelRow(ModelComparison.ModelMetrics s, Manifest manifest) {
    return new ModelRow(
        s.label(),
        manifest.architecture() + (manifest.knnIndex() == null ? "" : ", KNN"),
        MetricText.number(s.binary().threshold()),
        MetricText.of("AUROC", s.binary().auroc()),
        MetricText.of("sensitivity", s.binary().recall()),
        MetricText.of("specificity", s.binary().specificity()),
        MetricText.of("accuracy", s.binary().accuracy()),
        MetricText.of("F1", s.binary().f1()),
        MetricText.of("Brier", s.binary().brier()),
        s.multiClass()
            .flatMap(
                report ->
                    s.cascade()
                        .map(
                            stages ->
                                new ThreeClassMetrics(
                                    MetricText.of("accuracy", report.accuracy()),
                                    MetricText.of("macro F1", report.macro().f1()),
                                    MetricText.of("in steps", stages.endToEnd().accuracy()),
                                    MetricText.of("cause", stages.bacterialVsViral().auroc())))));
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
      ModelComparison.ModelMetrics s = shown.get(i);
      RocCurve curve = s.binary().roc();
      chart.line(
          s.label(),
          "line-%d dash-%d".formatted(i % COLOURS, i / COLOURS),
          curve.fpr(),
          curve.tpr());
      if (s.binary().recall() instanceof Estimate.Defined sensitivity
          && s.binary().specificity() instanceof Estimate.Defined specificity) {
        double at = sensitivity.value();
        chart.mark("operating", 1 - specificity.value(), at, at, at);
      }
      areas.add(s.label() + " " + MetricText.plain(s.binary().auroc()));
    }
    String more =
        shown.size() < comparison.models().size()
            ? " Only the first %d bundles are shown.".formatted(MAX_LINES)
            : "";
    return chart.build(
        "Areas: %s. The marks are the operating thresholds; the dashed straight line is chance.%s"
            .formatted(String.join(", ", areas), more));
  }

  private static PairRow pair(ModelComparison.ModelPair pair) {
    return new PairRow(
        pair.first(),
        pair.second(),
        MetricText.of("difference", pair.auroc().difference()),
        ComparisonText.pValue(pair.aurocCorrected()),
        correctAlone(pair.decisions()),
        ComparisonText.pValue(pair.decisionsCorrected()),
        pair.classes().map(named -> classTest(named, pair)),
        isSignificant(pair.aurocCorrected()));
  }

  private static ClassTest classTest(McNemarTest named, ModelComparison.ModelPair pair) {
    Estimate none = new Estimate.Undefined("not compared");
    return new ClassTest(
        correctAlone(named),
        ComparisonText.pValue(pair.classesCorrected().orElse(none)),
        MetricText.of("cause", pair.bacterialVsViral().map(DeLongTest::difference).orElse(none)),
        ComparisonText.pValue(pair.bacterialVsViralCorrected().orElse(none)));
  }

  private static String correctAlone(McNemarTest test) {
    return "%d / %d".formatted(test.firstOnlyCorrect(), test.secondOnlyCorrect());
  }

  private static SeedGroupView seedGroup(ModelComparison.SeedGroup family) {
    return new SeedGroupView(
        String.join(", ", family.members()),
        family.metrics().entrySet().stream()
            .map(
                e ->
                    seedSummaryRow(METRIC_NAMES.getOrDefault(e.getKey(), e.getKey()), e.getValue()))
            .toList());
  }

  private static SeedSummaryRow seedSummaryRow(String name, SeedSummary spread) {
    return new SeedSummaryRow(
        name,
        MetricText.of("mean", spread.mean()),
        MetricText.of("deviation", spread.standardDeviation()),
        spread.minimum() instanceof Estimate.Defined low
                && spread.maximum() instanceof Estimate.Defined high
            ? String.format(
                Locale.ROOT,
                "%s to %s",
                MetricText.number(low.value()),
                MetricText.number(high.value()))
            : "",
        spread.undefined());
  }

  private static Map<String, String> metricNames() {
    Map<String, String> names = new LinkedHashMap<>();
    names.put("auroc", "AUROC");
    names.put("averagePrecision", "average precision");
    names.put("recall", "sensitivity");
    names.put("specificity", "specificity");
    names.put("accuracy", "accuracy");
    names.put("f1", "F1");
    names.put("brier", "Brier score");
    return Map.copyOf(names);
  }
}
