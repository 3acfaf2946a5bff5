package dev.cxr.eval.report;

import static dev.cxr.eval.report.MetricText.withInterval;

import dev.cxr.common.html.HtmlPage;
import dev.cxr.eval.evaluation.ClassSources;
import dev.cxr.eval.evaluation.Evaluation;
import dev.cxr.eval.evaluation.EvaluationMetrics;
import dev.cxr.eval.evaluation.OperatingPoint;
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

/**
 * An evaluation as one page of HTML: {@code report.html}. The template {@code evaluation.mustache}
 * reads the methods and fields by their names.
 */
final class EvaluationPage {

  private static final double[] COVERAGES = {0.5, 0.7, 0.8, 0.9, 0.95, 1};

  private final Evaluation evaluation;
  private final EvaluationMetrics metrics;
  private final Manifest manifest;
  final EvaluationCharts charts;

  private EvaluationPage(Evaluation evaluation) {
    this.evaluation = evaluation;
    this.metrics = evaluation.metrics();
    this.manifest = evaluation.bundle().manifest();
    this.charts = new EvaluationCharts(evaluation, metrics);
  }

  record Table(List<MetricText> rows) {}

  static String of(Evaluation evaluation) {
    return HtmlPage.render(
        EvaluationPage.class, "evaluation", new EvaluationPage(evaluation), MetricText::display);
  }

  String task() {
    return manifest.task().name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  int images() {
    return evaluation.evaluatedPredictions().size();
  }

  List<Message> warnings() {
    return ValidityWarnings.of(evaluation);
  }

  List<ConfusionTable> confusions() {
    return ConfusionTable.of(metrics, manifest);
  }

  boolean hasReconstruction() {
    return !metrics.reconstruction().isEmpty();
  }

  List<RiskCoverageCurve.Point> coverages() {
    return Arrays.stream(COVERAGES)
        .mapToObj(metrics.riskCoverage()::atCoverage)
        .flatMap(Optional::stream)
        .distinct()
        .toList();
  }

  List<AurocBar> baselines() {
    return AurocBar.baselines(metrics).toList();
  }

  List<AurocBar> robustness() {
    return AurocBar.robustness(metrics).toList();
  }

  List<Message> audit() {
    return evaluation.leakage().stream()
        .flatMap(leakage -> leakage.issues().stream())
        .map(ValidityWarnings::message)
        .toList();
  }

  boolean separateSources() {
    return evaluation.settings().classSources() == ClassSources.SEPARATE;
  }

  String headline() {
    ConfusionMatrix counts = metrics.binary().confusion();
    String template =
        separateSources()
            ? "In one source the model finds %d of %d images %s; in another it raises %d false alarms among %d images. No metric combines the two."
            : "AUROC "
                + withInterval(metrics.binary().auroc())
                + ". At its threshold the model finds %d of %d images %s and raises %d false alarms among %d others.";
    return template.formatted(
        counts.tp(),
        counts.tp() + counts.fn(),
        manifest.classes().contains(manifest.positiveClass()) || !manifest.task().isOwn()
            ? "of " + manifest.positiveClass()
            : "that are " + manifest.positiveClass(),
        counts.fp(),
        counts.fp() + counts.tn());
  }

  Optional<Table> cascadeTable() {
    BinaryMetrics first = metrics.binary();
    return metrics
        .cascade()
        .map(cascade -> cascadeTable(first, cascade.bacterialVsViral(), cascade.endToEnd()));
  }

  private static Table cascadeTable(
      BinaryMetrics first, BinaryMetrics second, MultiClassMetrics both) {
    return new Table(
        List.of(
            MetricText.of("step 1, any pneumonia: AUROC", first.auroc()),
            MetricText.of("step 1: sensitivity", first.recall()),
            MetricText.of("step 1: specificity", first.specificity()),
            MetricText.of("step 1: F1", first.f1()),
            MetricText.of("step 2, bacterial vs viral, on pneumonia: AUROC", second.auroc()),
            MetricText.of("step 2: recall of bacterial", second.recall()),
            MetricText.of("step 2: recall of viral", second.specificity()),
            MetricText.of("step 2: F1", second.f1()),
            MetricText.of("both steps: accuracy", both.accuracy()),
            MetricText.of("both steps: macro F1", both.macro().f1())));
  }

  Table overallTable() {
    MultiClassMetrics report = metrics.multiClass();
    return new Table(
        List.of(
            MetricText.of("accuracy", report.accuracy()),
            MetricText.of("balanced accuracy", report.balancedAccuracy()),
            MetricText.of("Matthews correlation", report.mcc()),
            MetricText.of("Cohen’s kappa", report.kappa()),
            MetricText.of("macro AUROC, one versus rest", report.macro().auroc())));
  }

  Table binaryTable() {
    BinaryMetrics report = metrics.binary();
    return new Table(
        List.of(
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
            MetricText.of("Cohen’s kappa", report.kappa())));
  }

  /** The operating threshold, then the rules that choose another one. */
  List<OperatingPoint> thresholds() {
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

  int shownCorrect() {
    return evaluation.cases().correct().size();
  }

  int shownErrors() {
    return evaluation.cases().errors().size();
  }

  /** Whether every image has a panel beside it. */
  boolean hasExplanations() {
    return evaluation.cases().all().allMatch(image -> !image.panels().isEmpty());
  }

  /** Whether the panel is Grad-CAM. */
  boolean hasGradCam() {
    return evaluation.cases().all().allMatch(image -> image.panels().size() == 1);
  }

  /** Where the prediction comes from if not from a classification layer. */
  String decisionSource() {
    return manifest.knnIndex() == null
        ? "the distance of the embedding from those of normal images"
        : "the votes of the nearest training images, which have no gradient";
  }

  /** Whether errors are shown with their nearest training images. */
  boolean hasNearest() {
    return evaluation.cases().errors().stream().anyMatch(image -> !image.nearest().isEmpty());
  }

  String worstSubgroup() {
    if (separateSources()) {
      return "No worst group is named: the classes come from different sources.";
    }
    return metrics
        .subgroups()
        .worst()
        .map(
            w ->
                "Worst group by %s: “%s” with AUROC %s."
                    .formatted(w.attribute(), w.group(), withInterval(w.auroc())))
        .orElse("No worst group is named: it would need at least ten images of each class.");
  }
}
