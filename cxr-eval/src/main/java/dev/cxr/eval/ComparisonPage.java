package dev.cxr.eval;

import dev.cxr.common.html.Chart;
import dev.cxr.common.html.HtmlPage;
import dev.cxr.eval.Reservations.Reservation;
import dev.cxr.eval.comparison.ModelComparison;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.RocCurve;
import dev.cxr.eval.metrics.comparison.DeLongTest;
import dev.cxr.eval.metrics.comparison.McNemarTest;
import dev.cxr.eval.metrics.comparison.SeedSummary;
import dev.cxr.models.bundle.Manifest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** The comparison as one page of HTML: {@code report.html}. */
final class ComparisonPage {

  private static final int SERIES = 4;

  /** More lines cannot be told apart. */
  private static final int MOST_LINES = 3 * SERIES;

  private static final double[] ENDS = {0, 1};
  private static final double SIGNIFICANT = 0.05;

  private static final Map<String, String> NAMES = names();

  private ComparisonPage() {}

  /** What {@code comparison.mustache} shows. */
  private record View(
      Comparing comparing,
      String positive,
      int bundleCount,
      int pictures,
      long patients,
      String headline,
      List<Reservation> reservations,
      List<StandingRow> standings,
      boolean threeClasses,
      Chart roc,
      List<PairRow> pairs,
      List<FamilyView> families) {}

  record StandingRow(
      String label,
      String about,
      String threshold,
      FigureText auroc,
      FigureText sensitivity,
      FigureText specificity,
      FigureText accuracy,
      FigureText f1,
      FigureText brier,
      Optional<ClassFigures> classes) {}

  record ClassFigures(
      FigureText accuracy, FigureText macroF1, FigureText inSteps, FigureText cause) {}

  record PairRow(
      String first,
      String second,
      FigureText difference,
      String aurocP,
      String decisions,
      String decisionsP,
      Optional<ClassTest> classes,
      boolean differs) {}

  record ClassTest(String alone, String p, FigureText cause, String causeP) {}

  record FamilyView(String members, List<SpreadRow> rows) {}

  record SpreadRow(
      String name, FigureText mean, FigureText deviation, String range, int undefined) {}

  static String of(Comparing comparing) {
    return HtmlPage.render(ComparisonPage.class, "comparison", view(comparing));
  }

  private static View view(Comparing comparing) {
    ModelComparison comparison = comparing.comparison();
    return new View(
        comparing,
        comparing.bundles().get(0).manifest().positiveClass(),
        comparing.bundles().size(),
        comparing.entrants().get(0).predictions().size(),
        comparing.patients(),
        headline(comparison),
        Reservations.of(comparing),
        IntStream.range(0, comparison.models().size())
            .mapToObj(
                i -> standing(comparison.models().get(i), comparing.bundles().get(i).manifest()))
            .toList(),
        comparison.models().stream().anyMatch(s -> s.multiClass().isPresent()),
        roc(comparison),
        comparison.pairs().stream().map(ComparisonPage::pair).toList(),
        comparison.seedReplicates().stream().map(ComparisonPage::family).toList());
  }

  private static String headline(ModelComparison comparison) {
    long differ =
        comparison.pairs().stream().filter(pair -> isSmall(pair.aurocCorrected())).count();
    int pairs = comparison.pairs().size();
    return differ == 0
        ? "No two bundles are shown to rank these pictures differently well (DeLong, corrected for %d %s)."
            .formatted(pairs, pairs == 1 ? "pair" : "pairs")
        : "%d of %d pairs rank these pictures differently well (DeLong, p below 0.05 after Holm’s correction)."
            .formatted(differ, pairs);
  }

  private static boolean isSmall(Estimate p) {
    return p instanceof Estimate.Defined defined && defined.value() < SIGNIFICANT;
  }

  private static StandingRow standing(ModelComparison.ModelMetrics s, Manifest manifest) {
    return new StandingRow(
        s.label(),
        manifest.architecture() + (manifest.knnIndex() == null ? "" : ", voted"),
        FigureText.number(s.binary().threshold()),
        FigureText.of("AUROC", s.binary().auroc()),
        FigureText.of("sensitivity", s.binary().recall()),
        FigureText.of("specificity", s.binary().specificity()),
        FigureText.of("accuracy", s.binary().accuracy()),
        FigureText.of("F1", s.binary().f1()),
        FigureText.of("Brier", s.binary().brier()),
        s.multiClass()
            .flatMap(
                report ->
                    s.cascade()
                        .map(
                            stages ->
                                new ClassFigures(
                                    FigureText.of("accuracy", report.accuracy()),
                                    FigureText.of("macro F1", report.macro().f1()),
                                    FigureText.of("in steps", stages.endToEnd().accuracy()),
                                    FigureText.of("cause", stages.bacterialVsViral().auroc())))));
  }

  private static Chart roc(ModelComparison comparison) {
    Chart.Builder chart =
        Chart.builder(
                "roc",
                "ROC curves",
                Chart.Axis.zeroToOne("1 − specificity"),
                Chart.Axis.zeroToOne("sensitivity"))
            .line("", "guide", ENDS, ENDS);
    List<ModelComparison.ModelMetrics> shown =
        comparison.models().subList(0, Math.min(MOST_LINES, comparison.models().size()));
    List<String> areas = new ArrayList<>();
    for (int i = 0; i < shown.size(); i++) {
      ModelComparison.ModelMetrics s = shown.get(i);
      RocCurve curve = s.binary().roc();
      chart.line(
          s.label(), "line-%d dash-%d".formatted(i % SERIES, i / SERIES), curve.fpr(), curve.tpr());
      if (s.binary().recall() instanceof Estimate.Defined sensitivity
          && s.binary().specificity() instanceof Estimate.Defined specificity) {
        double at = sensitivity.value();
        chart.mark("operating", 1 - specificity.value(), at, at, at);
      }
      areas.add(s.label() + " " + FigureText.plain(s.binary().auroc()));
    }
    String more =
        shown.size() < comparison.models().size()
            ? " Only the first %d bundles are drawn.".formatted(MOST_LINES)
            : "";
    return chart.build(
        "Areas: %s. The marks are the operating thresholds; the dashed straight line is chance.%s"
            .formatted(String.join(", ", areas), more));
  }

  private static PairRow pair(ModelComparison.ModelPair pair) {
    return new PairRow(
        pair.first(),
        pair.second(),
        FigureText.of("difference", pair.auroc().difference()),
        ComparisonText.p(pair.aurocCorrected()),
        alone(pair.decisions()),
        ComparisonText.p(pair.decisionsCorrected()),
        pair.classes().map(named -> classTest(named, pair)),
        isSmall(pair.aurocCorrected()));
  }

  private static ClassTest classTest(McNemarTest named, ModelComparison.ModelPair pair) {
    Estimate none = new Estimate.Undefined("not compared");
    return new ClassTest(
        alone(named),
        ComparisonText.p(pair.classesCorrected().orElse(none)),
        FigureText.of("cause", pair.bacterialVsViral().map(DeLongTest::difference).orElse(none)),
        ComparisonText.p(pair.bacterialVsViralCorrected().orElse(none)));
  }

  private static String alone(McNemarTest test) {
    return "%d / %d".formatted(test.firstOnlyCorrect(), test.secondOnlyCorrect());
  }

  private static FamilyView family(ModelComparison.SeedReplicates family) {
    return new FamilyView(
        String.join(", ", family.members()),
        family.metrics().entrySet().stream()
            .map(e -> spread(NAMES.getOrDefault(e.getKey(), e.getKey()), e.getValue()))
            .toList());
  }

  private static SpreadRow spread(String name, SeedSummary spread) {
    return new SpreadRow(
        name,
        FigureText.of("mean", spread.mean()),
        FigureText.of("deviation", spread.standardDeviation()),
        spread.minimum() instanceof Estimate.Defined low
                && spread.maximum() instanceof Estimate.Defined high
            ? String.format(
                Locale.ROOT,
                "%s to %s",
                FigureText.number(low.value()),
                FigureText.number(high.value()))
            : "",
        spread.undefined());
  }

  private static Map<String, String> names() {
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
