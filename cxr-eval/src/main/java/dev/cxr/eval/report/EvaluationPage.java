package dev.cxr.eval.report;

import static dev.cxr.eval.report.MetricText.number;
import static dev.cxr.eval.report.MetricText.withInterval;

import dev.cxr.common.html.Chart;
import dev.cxr.common.html.HtmlPage;
import dev.cxr.eval.evaluation.CascadeMetrics;
import dev.cxr.eval.evaluation.ClassSources;
import dev.cxr.eval.evaluation.Evaluation;
import dev.cxr.eval.evaluation.EvaluationMetrics;
import dev.cxr.eval.evaluation.OperatingPoint;
import dev.cxr.eval.evaluation.ReconstructionMetrics;
import dev.cxr.eval.evaluation.ValidationMetrics;
import dev.cxr.eval.metrics.BinaryMetrics;
import dev.cxr.eval.metrics.ConfusionMatrix;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.Interval;
import dev.cxr.eval.metrics.MultiClassMetrics;
import dev.cxr.eval.metrics.PatientInterval;
import dev.cxr.eval.metrics.PredictiveValues;
import dev.cxr.eval.metrics.calibration.CalibrationMetrics;
import dev.cxr.models.bundle.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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
      String name,
      String task,
      String positive,
      String threshold,
      String headline,
      int images,
      long patients,
      List<ValidityWarnings.Message> warnings,
      ConfusionSection confusion,
      Optional<Table<MetricText>> cascade,
      Optional<Table<ReconstructionRow>> reconstruction,
      Table<MetricText> overallTable,
      Table<MetricText> binaryTable,
      Optional<Table<BeforeAfter>> validation,
      List<Chart> rankingCharts,
      Chart reliability,
      List<BeforeAfter> calibration,
      MetricText temperature,
      List<ThresholdRow> thresholds,
      Chart decisionCurve,
      Chart riskCoverage,
      List<CoverageRow> coverages,
      List<PrevalenceRow> prevalences,
      boolean separateSources,
      Optional<OutOfDistributionSection> outOfDistribution,
      CasesSection cases,
      RobustnessSection robustness,
      int bootstrapResamples) {}

  record Table<T>(List<T> rows) {}

  record BeforeAfter(MetricText before, MetricText after) {}

  record ThresholdRow(
      String rule,
      String threshold,
      MetricText sensitivity,
      MetricText specificity,
      MetricText ppv,
      MetricText npv) {}

  record ReconstructionRow(
      String name,
      MetricText auroc,
      String threshold,
      MetricText sensitivity,
      MetricText specificity) {}

  record CoverageRow(MetricText coverage, MetricText risk) {}

  record PrevalenceRow(String prevalence, MetricText ppv, MetricText npv) {}

  static String of(Evaluation evaluation) {
    return HtmlPage.render(
        EvaluationPage.class, "evaluation", new EvaluationPage(evaluation).view());
  }

  private View view() {
    ConfusionSection confusion = ConfusionSection.of(metrics, manifest);
    EvaluationCharts charts = new EvaluationCharts(metrics, manifest.classes());
    return new View(
        evaluation,
        manifest.name(),
        manifest.task().name().toLowerCase(Locale.ROOT).replace('_', '-'),
        manifest.positiveClass(),
        number(evaluation.settings().threshold()),
        headline(),
        evaluation.evaluatedPredictions().size(),
        evaluation.patients(),
        ValidityWarnings.of(evaluation),
        confusion,
        metrics.cascade().map(cascade -> new Table<>(cascade(cascade))),
        reconstruction(),
        new Table<>(overall(metrics.multiClass())),
        new Table<>(binary(metrics.binary())),
        metrics.validation().map(validation -> new Table<>(compareWith(validation))),
        List.of(charts.roc(), charts.precisionRecall()),
        charts.reliability(),
        calibration(),
        MetricText.of("temperature", metrics.calibration().temperature().value()),
        thresholds(),
        charts.decisionCurve(),
        charts.riskCoverage(),
        coverages(),
        metrics.predictiveValues().stream().map(EvaluationPage::prevalenceRow).toList(),
        hasSeparateSources(),
        metrics.outOfDistribution().map(f -> OutOfDistributionSection.of(f, evaluation)),
        CasesSection.of(evaluation.cases(), manifest),
        RobustnessSection.of(evaluation),
        evaluation.settings().bootstrapResamples());
  }

  private boolean hasSeparateSources() {
    return evaluation.settings().classSources() == ClassSources.SEPARATE;
  }

  private String headline() {
    ConfusionMatrix counts = metrics.binary().confusion();
    if (hasSeparateSources()) {
      return "In one source the model finds %d of %d images of %s; in another it raises %d false alarms among %d images. No metric combines the two."
          .formatted(
              counts.tp(),
              counts.tp() + counts.fn(),
              manifest.positiveClass(),
              counts.fp(),
              counts.fp() + counts.tn());
    }
    return "AUROC %s. At its threshold the model finds %d of %d images of %s and raises %d false alarms among %d others."
        .formatted(
            withInterval(metrics.binary().auroc()),
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
        MetricText.of("false-positive rate", complement(report.specificity())),
        MetricText.of("PPV, precision", report.precision()),
        MetricText.of("NPV", report.npv()),
        MetricText.of("accuracy", report.accuracy()),
        MetricText.of("balanced accuracy", report.balancedAccuracy()),
        MetricText.of("F1", report.f1()),
        MetricText.of("Matthews correlation", report.mcc()),
        MetricText.of("Cohen’s kappa", report.kappa()));
  }

  private static Estimate complement(Estimate share) {
    if (!(share instanceof Estimate.Defined defined)) {
      return share;
    }
    PatientInterval byPatient = defined.byPatient();
    return new Estimate.Defined(
        1 - defined.value(),
        defined.n(),
        complement(defined.interval()),
        byPatient == null
            ? null
            : new PatientInterval(
                complement(byPatient.interval()), byPatient.resamples(), byPatient.undefined()));
  }

  private static @Nullable Interval complement(@Nullable Interval interval) {
    return interval == null ? null : new Interval(1 - interval.high(), 1 - interval.low());
  }

  private List<BeforeAfter> compareWith(ValidationMetrics validation) {
    List<BeforeAfter> pairs = new ArrayList<>();
    BinaryMetrics binary = metrics.binary();
    pairs.add(pair("AUROC", validation.auroc(), binary.auroc()));
    pairs.add(pair("sensitivity", validation.recall(), binary.recall()));
    pairs.add(pair("specificity", validation.specificity(), binary.specificity()));
    pairs.add(pair("accuracy", validation.accuracy(), binary.accuracy()));
    validation
        .multiClassAccuracy()
        .ifPresent(
            before ->
                pairs.add(
                    pair("accuracy of three classes", before, metrics.multiClass().accuracy())));
    Optional<Estimate> cause = metrics.cascade().map(stages -> stages.bacterialVsViral().auroc());
    if (validation.bacterialVsViralAuroc().isPresent() && cause.isPresent()) {
      pairs.add(
          pair("AUROC, bacterial vs viral", validation.bacterialVsViralAuroc().get(), cause.get()));
    }
    return pairs;
  }

  private List<BeforeAfter> calibration() {
    CalibrationMetrics before = metrics.calibration().before();
    CalibrationMetrics after = metrics.calibration().after();
    return List.of(
        pair("expected calibration error", before.reliability().ece(), after.reliability().ece()),
        pair("Brier score", before.brier(), after.brier()),
        pair(
            "– miscalibration",
            before.brierDecomposition().miscalibration(),
            after.brierDecomposition().miscalibration()),
        pair(
            "– discrimination (subtracted)",
            before.brierDecomposition().discrimination(),
            after.brierDecomposition().discrimination()),
        pair(
            "– uncertainty",
            before.brierDecomposition().uncertainty(),
            after.brierDecomposition().uncertainty()),
        pair("log loss", before.logLoss(), after.logLoss()),
        pair("slope (ideal 1)", before.regression().slope(), after.regression().slope()),
        pair(
            "intercept (ideal 0)", before.regression().intercept(), after.regression().intercept()),
        pair(
            "calibration in the large (ideal 0)",
            before.regression().inTheLarge(),
            after.regression().inTheLarge()));
  }

  private static BeforeAfter pair(String name, Estimate before, Estimate after) {
    return new BeforeAfter(MetricText.of(name, before), MetricText.of(name, after));
  }

  /** The operating threshold, then the rules that choose another one. */
  private List<ThresholdRow> thresholds() {
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
        .map(EvaluationPage::thresholdRow)
        .toList();
  }

  private static ThresholdRow thresholdRow(OperatingPoint point) {
    return new ThresholdRow(
        point.thresholdRule(),
        number(point.threshold()),
        MetricText.of("sensitivity", point.sensitivity()),
        MetricText.of("specificity", point.specificity()),
        MetricText.of("PPV", point.ppv()),
        MetricText.of("NPV", point.npv()));
  }

  private Optional<Table<ReconstructionRow>> reconstruction() {
    List<ReconstructionRow> rows =
        metrics.reconstruction().stream().map(EvaluationPage::reconstructionRow).toList();
    return rows.isEmpty() ? Optional.empty() : Optional.of(new Table<>(rows));
  }

  private static ReconstructionRow reconstructionRow(ReconstructionMetrics score) {
    return new ReconstructionRow(
        score.name(),
        MetricText.of("AUROC", score.auroc()),
        String.format(Locale.ROOT, "%.4g", score.operatingPoint().threshold()),
        MetricText.of("sensitivity", score.operatingPoint().sensitivity()),
        MetricText.of("specificity", score.operatingPoint().specificity()));
  }

  private List<CoverageRow> coverages() {
    return IntStream.range(0, COVERAGES.length)
        .mapToObj(i -> metrics.riskCoverage().atCoverage(COVERAGES[i]))
        .flatMap(Optional::stream)
        .distinct()
        .map(
            point ->
                new CoverageRow(
                    MetricText.of("answered", point.coverage()),
                    MetricText.of("wrong", point.risk())))
        .toList();
  }

  private static PrevalenceRow prevalenceRow(PredictiveValues values) {
    return new PrevalenceRow(
        String.format(Locale.ROOT, "%.0f %%", 100 * values.prevalence()),
        MetricText.of("PPV", values.ppv()),
        MetricText.of("NPV", values.npv()));
  }
}
