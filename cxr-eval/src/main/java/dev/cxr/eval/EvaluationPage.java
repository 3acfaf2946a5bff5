package dev.cxr.eval;

import static dev.cxr.eval.FigureText.number;
import static dev.cxr.eval.FigureText.withInterval;

import dev.cxr.common.html.Chart;
import dev.cxr.common.html.HtmlPage;
import dev.cxr.eval.evaluation.ClassSources;
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
import org.jspecify.annotations.Nullable;

/** The evaluation as one page of HTML: {@code report.html}. */
final class EvaluationPage {

  private static final double[] COVERAGES = {0.5, 0.7, 0.8, 0.9, 0.95, 1};

  private final Evaluation evaluation;
  private final EvaluationMetrics figures;
  private final Manifest manifest;

  private EvaluationPage(Evaluation evaluation) {
    this.evaluation = evaluation;
    this.figures = evaluation.figures();
    this.manifest = evaluation.bundle().manifest();
  }

  /** What {@code evaluation.mustache} shows. */
  private record View(
      Evaluation evaluation,
      String name,
      String task,
      String positive,
      String threshold,
      String headline,
      int pictures,
      long patients,
      List<Reservations.Reservation> reservations,
      AnswersSection answers,
      boolean hasStages,
      Table stageTable,
      boolean hasReconstruction,
      List<ReconstructionRow> reconstruction,
      Table overallTable,
      Table figureTable,
      boolean hasPromised,
      List<Pair> promised,
      List<Chart> ranking,
      Chart reliability,
      List<Pair> calibration,
      FigureText temperature,
      List<ThresholdRow> thresholds,
      Chart decision,
      Chart abstention,
      List<CoverageRow> coverages,
      List<PrevalenceRow> prevalences,
      boolean apart,
      Optional<DistanceSection> distances,
      CasesSection cases,
      HonestySection honesty,
      int resamples) {}

  record Table(List<FigureText> rows) {}

  record Pair(FigureText before, FigureText after) {}

  record ThresholdRow(
      String rule,
      String threshold,
      FigureText sensitivity,
      FigureText specificity,
      FigureText ppv,
      FigureText npv) {}

  record ReconstructionRow(
      String name,
      FigureText auroc,
      String threshold,
      FigureText sensitivity,
      FigureText specificity) {}

  record CoverageRow(FigureText coverage, FigureText risk) {}

  record PrevalenceRow(String prevalence, FigureText ppv, FigureText npv) {}

  static String of(Evaluation evaluation) {
    return HtmlPage.render(
        EvaluationPage.class, "evaluation", new EvaluationPage(evaluation).view());
  }

  private View view() {
    BinaryMetrics binary = figures.binary();
    AnswersSection answers = AnswersSection.of(figures, manifest);
    Charts charts = new Charts(figures, manifest.classes());
    return new View(
        evaluation,
        manifest.name(),
        manifest.task().name().toLowerCase(Locale.ROOT).replace('_', '-'),
        manifest.positiveClass(),
        number(evaluation.settings().threshold()),
        headline(),
        evaluation.judged().size(),
        evaluation.patients(),
        Reservations.of(evaluation),
        answers,
        !answers.stages().isEmpty(),
        new Table(answers.stages()),
        !figures.reconstruction().isEmpty(),
        figures.reconstruction().stream().map(EvaluationPage::reconstructionRow).toList(),
        new Table(overall(figures.multiClass())),
        new Table(binary(binary)),
        figures.validation().isPresent(),
        figures.validation().map(this::promised).orElse(List.of()),
        List.of(charts.roc(), charts.precisionRecall()),
        charts.reliability(),
        calibration(),
        FigureText.of("temperature", figures.calibration().temperature().value()),
        figures.operatingPoints().stream().map(EvaluationPage::thresholdRow).toList(),
        charts.decision(),
        charts.abstention(),
        coverages(),
        figures.predictiveValues().stream().map(EvaluationPage::prevalenceRow).toList(),
        isApart(),
        figures.outOfDistribution().map(f -> DistanceSection.of(f, evaluation)),
        CasesSection.of(evaluation.cases(), manifest),
        HonestySection.of(evaluation),
        evaluation.settings().bootstrapResamples());
  }

  private boolean isApart() {
    return evaluation.settings().classSources() == ClassSources.SEPARATE;
  }

  private String headline() {
    ConfusionMatrix counts = figures.binary().confusion();
    if (isApart()) {
      return "Of one source the model finds %d of %d pictures of %s; of another it raises %d false alarms among %d pictures. Nothing is told of both together."
          .formatted(
              counts.tp(),
              counts.tp() + counts.fn(),
              manifest.positiveClass(),
              counts.fp(),
              counts.fp() + counts.tn());
    }
    return "AUROC %s. At its threshold the model finds %d of %d pictures of %s and raises %d false alarms among %d others."
        .formatted(
            withInterval(figures.binary().auroc()),
            counts.tp(),
            counts.tp() + counts.fn(),
            manifest.positiveClass(),
            counts.fp(),
            counts.fp() + counts.tn());
  }

  private static List<FigureText> overall(MultiClassMetrics report) {
    return List.of(
        FigureText.of("accuracy", report.accuracy()),
        FigureText.of("balanced accuracy", report.balancedAccuracy()),
        FigureText.of("Matthews correlation", report.mcc()),
        FigureText.of("Cohen’s kappa", report.kappa()),
        FigureText.of("macro AUROC, one against the rest", report.macro().auroc()));
  }

  private static List<FigureText> binary(BinaryMetrics report) {
    return List.of(
        FigureText.of("AUROC", report.auroc()),
        FigureText.of("average precision", report.averagePrecision()),
        FigureText.of("sensitivity", report.recall()),
        FigureText.of("specificity", report.specificity()),
        FigureText.of("false-positive rate", oneLess(report.specificity())),
        FigureText.of("PPV, precision", report.precision()),
        FigureText.of("NPV", report.npv()),
        FigureText.of("accuracy", report.accuracy()),
        FigureText.of("balanced accuracy", report.balancedAccuracy()),
        FigureText.of("F1", report.f1()),
        FigureText.of("Matthews correlation", report.mcc()),
        FigureText.of("Cohen’s kappa", report.kappa()));
  }

  private static Estimate oneLess(Estimate share) {
    if (!(share instanceof Estimate.Defined defined)) {
      return share;
    }
    PatientInterval byPatient = defined.byPatient();
    return new Estimate.Defined(
        1 - defined.value(),
        defined.n(),
        turned(defined.interval()),
        byPatient == null
            ? null
            : new PatientInterval(
                turned(byPatient.interval()), byPatient.resamples(), byPatient.undefined()));
  }

  private static @Nullable Interval turned(@Nullable Interval interval) {
    return interval == null ? null : new Interval(1 - interval.high(), 1 - interval.low());
  }

  private List<Pair> promised(ValidationMetrics promised) {
    List<Pair> pairs = new ArrayList<>();
    BinaryMetrics binary = figures.binary();
    pairs.add(pair("AUROC", promised.auroc(), binary.auroc()));
    pairs.add(pair("sensitivity", promised.recall(), binary.recall()));
    pairs.add(pair("specificity", promised.specificity(), binary.specificity()));
    pairs.add(pair("accuracy", promised.accuracy(), binary.accuracy()));
    promised
        .multiClassAccuracy()
        .ifPresent(
            before ->
                pairs.add(
                    pair("accuracy of three classes", before, figures.multiClass().accuracy())));
    Optional<Estimate> cause = figures.cascade().map(stages -> stages.bacterialVsViral().auroc());
    if (promised.bacterialVsViralAuroc().isPresent() && cause.isPresent()) {
      pairs.add(
          pair(
              "AUROC of bacterial against viral",
              promised.bacterialVsViralAuroc().get(),
              cause.get()));
    }
    return pairs;
  }

  private List<Pair> calibration() {
    CalibrationMetrics before = figures.calibration().before();
    CalibrationMetrics after = figures.calibration().after();
    return List.of(
        pair("expected calibration error", before.reliability().ece(), after.reliability().ece()),
        pair("Brier score", before.brier(), after.brier()),
        pair(
            "– miscalibration",
            before.brierDecomposition().miscalibration(),
            after.brierDecomposition().miscalibration()),
        pair(
            "– discrimination, which is taken off",
            before.brierDecomposition().discrimination(),
            after.brierDecomposition().discrimination()),
        pair(
            "– uncertainty",
            before.brierDecomposition().uncertainty(),
            after.brierDecomposition().uncertainty()),
        pair("log loss", before.logLoss(), after.logLoss()),
        pair("slope (1 is right)", before.regression().slope(), after.regression().slope()),
        pair(
            "intercept (0 is right)",
            before.regression().intercept(),
            after.regression().intercept()),
        pair(
            "calibration in the large (0 is right)",
            before.regression().inTheLarge(),
            after.regression().inTheLarge()));
  }

  private static Pair pair(String name, Estimate before, Estimate after) {
    return new Pair(FigureText.of(name, before), FigureText.of(name, after));
  }

  private static ThresholdRow thresholdRow(OperatingPoint point) {
    return new ThresholdRow(
        point.thresholdRule(),
        number(point.threshold()),
        FigureText.of("sensitivity", point.sensitivity()),
        FigureText.of("specificity", point.specificity()),
        FigureText.of("PPV", point.ppv()),
        FigureText.of("NPV", point.npv()));
  }

  private static ReconstructionRow reconstructionRow(ReconstructionMetrics score) {
    return new ReconstructionRow(
        score.name(),
        FigureText.of("AUROC", score.auroc()),
        String.format(Locale.ROOT, "%.4g", score.operatingPoint().threshold()),
        FigureText.of("sensitivity", score.operatingPoint().sensitivity()),
        FigureText.of("specificity", score.operatingPoint().specificity()));
  }

  private List<CoverageRow> coverages() {
    return IntStream.range(0, COVERAGES.length)
        .mapToObj(i -> figures.riskCoverage().atCoverage(COVERAGES[i]))
        .flatMap(Optional::stream)
        .distinct()
        .map(
            point ->
                new CoverageRow(
                    FigureText.of("answered", point.coverage()),
                    FigureText.of("wrong", point.risk())))
        .toList();
  }

  private static PrevalenceRow prevalenceRow(PredictiveValues values) {
    return new PrevalenceRow(
        String.format(Locale.ROOT, "%.0f %%", 100 * values.prevalence()),
        FigureText.of("PPV", values.ppv()),
        FigureText.of("NPV", values.npv()));
  }
}
