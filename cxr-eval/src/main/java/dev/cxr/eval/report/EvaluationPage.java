package dev.cxr.eval.report;

import static dev.cxr.eval.report.MetricText.withInterval;

import dev.cxr.common.html.Chart;
import dev.cxr.common.html.HtmlPage;
import dev.cxr.eval.evaluation.CascadeMetrics;
import dev.cxr.eval.evaluation.ClassSources;
import dev.cxr.eval.evaluation.Evaluation;
import dev.cxr.eval.evaluation.EvaluationMetrics;
import dev.cxr.eval.evaluation.OperatingPoint;
import dev.cxr.eval.evaluation.OutOfDistributionMetrics;
import dev.cxr.eval.evaluation.ReconstructionMetrics;
import dev.cxr.eval.metrics.BinaryMetrics;
import dev.cxr.eval.metrics.ConfusionMatrix;
import dev.cxr.eval.metrics.MultiClassMetrics;
import dev.cxr.eval.metrics.RiskCoverageCurve;
import dev.cxr.eval.report.ValidityWarnings.Message;
import dev.cxr.models.bundle.Manifest;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** An evaluation as one page of HTML: {@code report.html}. */
final class EvaluationPage {

  private static final double[] COVERAGES = {0.5, 0.7, 0.8, 0.9, 0.95, 1};

  private final Evaluation evaluation;
  private final EvaluationMetrics metrics;
  private final Manifest manifest;

  private EvaluationPage(Evaluation evaluation) {
    this.evaluation = evaluation;
    this.metrics = evaluation.metrics();
    this.manifest = evaluation.bundle().manifest();
  }

  /** The values of {@code evaluation.mustache}. */
  private record View(
      Evaluation evaluation,
      EvaluationMetrics metrics,
      Manifest manifest,
      String task,
      String headline,
      int images,
      List<Message> warnings,
      List<ConfusionTable> confusions,
      Optional<Table<MetricText>> cascadeTable,
      Optional<Table<ReconstructionMetrics>> reconstruction,
      Table<MetricText> overallTable,
      Table<MetricText> binaryTable,
      List<Chart> rankingCharts,
      Chart reliability,
      List<OperatingPoint> thresholds,
      Chart decisionCurve,
      Chart riskCoverage,
      List<RiskCoverageCurve.Point> coverages,
      boolean separateSources,
      Optional<OutOfDistribution> outOfDistribution,
      CaseSummary caseSummary,
      List<AurocBar> baselines,
      List<AurocBar> robustness,
      String worstSubgroup,
      boolean hasAudit,
      List<Message> audit) {}

  record Table<T>(List<T> rows) {}

  record OutOfDistribution(OutOfDistributionMetrics metrics, Chart chart) {}

  /**
   * About the example images.
   *
   * @param correct number of correct predictions shown
   * @param errors number of errors shown
   * @param hasExplanations whether every image has a panel beside it
   * @param hasGradCam whether the panel is Grad-CAM
   * @param decisionSource where the prediction comes from if not from a classification layer
   * @param hasNearest whether errors are shown with their nearest training images
   */
  record CaseSummary(
      int correct,
      int errors,
      boolean hasExplanations,
      boolean hasGradCam,
      String decisionSource,
      boolean hasNearest) {}

  static String of(Evaluation evaluation) {
    return HtmlPage.render(
        EvaluationPage.class,
        "evaluation",
        new EvaluationPage(evaluation).view(),
        MetricText::display);
  }

  private View view() {
    EvaluationCharts charts = new EvaluationCharts(evaluation);
    return new View(
        evaluation,
        metrics,
        manifest,
        manifest.task().name().toLowerCase(Locale.ROOT).replace('_', '-'),
        headline(),
        evaluation.evaluatedPredictions().size(),
        ValidityWarnings.of(evaluation),
        ConfusionTable.of(metrics, manifest),
        metrics.cascade().map(cascade -> new Table<>(cascade(cascade))),
        metrics.reconstruction().isEmpty()
            ? Optional.empty()
            : Optional.of(new Table<>(metrics.reconstruction())),
        new Table<>(overall(metrics.multiClass())),
        new Table<>(binary(metrics.binary())),
        List.of(charts.roc(), charts.precisionRecall()),
        charts.reliability(),
        thresholds(),
        charts.decisionCurve(),
        charts.riskCoverage(),
        Arrays.stream(COVERAGES)
            .mapToObj(metrics.riskCoverage()::atCoverage)
            .flatMap(Optional::stream)
            .distinct()
            .toList(),
        hasSeparateSources(),
        metrics
            .outOfDistribution()
            .map(scores -> new OutOfDistribution(scores, charts.outOfDistribution(scores))),
        caseSummary(),
        AurocBar.baselines(metrics).toList(),
        AurocBar.robustness(metrics).toList(),
        worstSubgroup(),
        evaluation.leakage().isPresent(),
        evaluation.leakage().stream()
            .flatMap(leakage -> leakage.issues().stream())
            .map(ValidityWarnings::message)
            .toList());
  }

  private boolean hasSeparateSources() {
    return evaluation.settings().classSources() == ClassSources.SEPARATE;
  }

  private String headline() {
    ConfusionMatrix counts = metrics.binary().confusion();
    String template =
        hasSeparateSources()
            ? "In one source the model finds %d of %d images of %s; in another it raises %d false alarms among %d images. No metric combines the two."
            : "AUROC "
                + withInterval(metrics.binary().auroc())
                + ". At its threshold the model finds %d of %d images of %s and raises %d false alarms among %d others.";
    return template.formatted(
        counts.tp(),
        counts.tp() + counts.fn(),
        manifest.positiveClass(),
        counts.fp(),
        counts.fp() + counts.tn());
  }

  private List<MetricText> cascade(CascadeMetrics cascade) {
    BinaryMetrics first = metrics.binary();
    BinaryMetrics second = cascade.bacterialVsViral();
    return List.of(
        MetricText.of("step 1, any pneumonia: AUROC", first.auroc()),
        MetricText.of("step 1: sensitivity", first.recall()),
        MetricText.of("step 1: specificity", first.specificity()),
        MetricText.of("step 1: F1", first.f1()),
        MetricText.of("step 2, bacterial vs viral, on pneumonia: AUROC", second.auroc()),
        MetricText.of("step 2: recall of bacterial", second.recall()),
        MetricText.of("step 2: recall of viral", second.specificity()),
        MetricText.of("step 2: F1", second.f1()),
        MetricText.of("both steps: accuracy", cascade.endToEnd().accuracy()),
        MetricText.of("both steps: macro F1", cascade.endToEnd().macro().f1()));
  }

  private static List<MetricText> overall(MultiClassMetrics report) {
    return List.of(
        MetricText.of("accuracy", report.accuracy()),
        MetricText.of("balanced accuracy", report.balancedAccuracy()),
        MetricText.of("Matthews correlation", report.mcc()),
        MetricText.of("Cohen’s kappa", report.kappa()),
        MetricText.of("macro AUROC, one versus rest", report.macro().auroc()));
  }

  private static List<MetricText> binary(BinaryMetrics report) {
    return List.of(
        MetricText.of("AUROC", report.auroc()),
        MetricText.of("average precision", report.averagePrecision()),
        MetricText.of("sensitivity", report.recall()),
        MetricText.of("specificity", report.specificity()),
        MetricText.of("PPV, precision", report.precision()),
        MetricText.of("NPV", report.npv()),
        MetricText.of("accuracy", report.accuracy()),
        MetricText.of("balanced accuracy", report.balancedAccuracy()),
        MetricText.of("F1", report.f1()),
        MetricText.of("Matthews correlation", report.mcc()),
        MetricText.of("Cohen’s kappa", report.kappa()));
  }

  /** The operating threshold, then the rules that choose another one. */
  private List<OperatingPoint> thresholds() {
    List<OperatingPoint> points = metrics.operatingPoints();
    OperatingPoint inUse = points.get(0);
    return Stream.concat(
            Stream.of(inUse),
            points.stream()
                .skip(1)
                .filter(
                    point ->
                        point.threshold() != inUse.threshold()
                            || !point.thresholdRule().equals(inUse.thresholdRule())))
        .toList();
  }

  private CaseSummary caseSummary() {
    return new CaseSummary(
        evaluation.cases().correct().size(),
        evaluation.cases().errors().size(),
        evaluation.cases().all().allMatch(image -> !image.panels().isEmpty()),
        evaluation.cases().all().allMatch(image -> image.panels().size() == 1),
        manifest.knnIndex() == null
            ? "the distance of the embedding from those of normal images"
            : "the votes of the nearest training images, which have no gradient",
        evaluation.cases().errors().stream().anyMatch(image -> !image.nearest().isEmpty()));
  }

  private String worstSubgroup() {
    if (hasSeparateSources()) {
      return "No worst group is named: the classes come from different sources.";
    }
    return metrics
        .subgroups()
        .worst()
        .map(
            w ->
                "Worst group by %s: “%s” with AUROC %s."
                    .formatted(w.attribute(), w.group(), withInterval(w.auroc())))
        .orElse("No worst group is named: no group has ten images of each class.");
  }
}
