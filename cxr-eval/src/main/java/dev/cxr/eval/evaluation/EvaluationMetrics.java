package dev.cxr.eval.evaluation;

import dev.cxr.data.index.Task;
import dev.cxr.eval.metrics.BinaryMetrics;
import dev.cxr.eval.metrics.DecisionCurve;
import dev.cxr.eval.metrics.LabelledProbabilities;
import dev.cxr.eval.metrics.LabelledScores;
import dev.cxr.eval.metrics.MultiClassMetrics;
import dev.cxr.eval.metrics.PatientBootstrap;
import dev.cxr.eval.metrics.PrecisionRecallCurve;
import dev.cxr.eval.metrics.PredictiveValues;
import dev.cxr.eval.metrics.RiskCoverageCurve;
import dev.cxr.eval.metrics.RocCurve;
import dev.cxr.eval.prediction.ImagePrediction;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * All metrics of an evaluation. The positive class is that of the task; with three classes it is by
 * default any class but the first, and {@code multiClass} has the metrics of each.
 *
 * @param binary the positive class against the rest, at the operating threshold
 * @param validation the metrics on validation; empty if there is none, or if validation is
 *     evaluated
 * @param multiClass the classification report: with two classes at the operating threshold, with
 *     more by the most probable class
 * @param rocByClass with several classes each against the rest, in order; else empty
 * @param precisionRecall of the positive class
 * @param calibration of the positive class's probability
 * @param operatingPoints the operating threshold, then those that other rules choose on validation
 * @param decisionCurve net benefit at thresholds from 0.01 to 0.99
 * @param riskCoverage the error rate if the model abstains on its least confident images
 * @param predictiveValues predictive values at other prevalences
 * @param majorityBaseline the accuracy of predicting the majority class
 * @param baselines baselines that never see the lungs
 * @param robustness the model on perturbed images; empty if not computed
 * @param subgroups the model on subgroups of the images
 * @param outOfDistribution how many images are unlike the training images; empty if not scored
 * @param cascade of the three-class task, decided in two steps
 * @param reconstruction of an autoencoder, how well its reconstruction detects anomalies; else
 *     empty
 */
public record EvaluationMetrics(
    BinaryMetrics binary,
    Optional<ValidationMetrics> validation,
    MultiClassMetrics multiClass,
    List<RocCurve> rocByClass,
    PrecisionRecallCurve precisionRecall,
    Recalibration calibration,
    List<OperatingPoint> operatingPoints,
    DecisionCurve decisionCurve,
    RiskCoverageCurve riskCoverage,
    List<PredictiveValues> predictiveValues,
    MajorityBaseline majorityBaseline,
    List<BaselineMetrics> baselines,
    List<RobustnessMetrics> robustness,
    SubgroupMetrics.Subgroups subgroups,
    Optional<OutOfDistributionMetrics> outOfDistribution,
    Optional<CascadeMetrics> cascade,
    List<ReconstructionMetrics> reconstruction) {

  private static final double[] PREVALENCES = {0.01, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7};

  /**
   * {@return the positive class's probabilities with the labels}
   *
   * @param task of the model
   * @param predictions predictions of the images
   */
  public static LabelledScores scores(Task task, List<ImagePrediction> predictions) {
    return new LabelledPredictions(task, predictions, ClassSources.SHARED).scores();
  }

  /**
   * {@return all metrics}
   *
   * @param settings task, threshold and bootstrap
   * @param evaluated predictions of the evaluated images
   * @param validation predictions of the images that thresholds and temperature are chosen on; may
   *     be empty
   */
  public static EvaluationMetrics of(
      EvaluationSettings settings,
      List<ImagePrediction> evaluated,
      List<ImagePrediction> validation) {
    Task task = settings.task();
    double threshold = settings.threshold();
    LabelledPredictions rows = new LabelledPredictions(task, evaluated, settings.classSources());
    LabelledPredictions labelledValidation =
        new LabelledPredictions(task, validation, ClassSources.SHARED);
    LabelledScores scores = rows.scores();
    LabelledProbabilities classes = rows.classes();
    boolean several = task.isMultiClass();
    boolean sameSources = settings.classSources() == ClassSources.SHARED;
    PatientBootstrap bootstrap = settings.bootstrap(rows.patients());
    BinaryMetrics binary = BinaryMetrics.of(scores, threshold, bootstrap);
    return new EvaluationMetrics(
        binary,
        ValidationMetrics.of(settings, rows, labelledValidation),
        MultiClassMetrics.of(several ? classes : classes.predictAtThreshold(threshold), bootstrap),
        several && sameSources
            ? IntStream.range(0, task.classes().size())
                .mapToObj(c -> RocCurve.of(classes.oneVersusRest(c)))
                .toList()
            : List.of(),
        PrecisionRecallCurve.of(scores),
        Recalibration.of(rows, labelledValidation, bootstrap),
        OperatingPoint.of(settings, rows, labelledValidation),
        DecisionCurve.of(scores),
        several
            ? RiskCoverageCurve.of(classes, bootstrap)
            : RiskCoverageCurve.of(scores, threshold, bootstrap),
        sameSources ? PredictiveValues.at(binary.confusion(), PREVALENCES) : List.of(),
        MajorityBaseline.of(rows, labelledValidation),
        BaselineMetrics.of(rows, labelledValidation),
        RobustnessMetrics.of(rows, threshold),
        SubgroupMetrics.of(rows, threshold),
        rows.hasAll(p -> p.outOfDistributionScore().isPresent())
            ? Optional.of(
                OutOfDistributionMetrics.of(rows, labelledValidation, threshold, bootstrap))
            : Optional.empty(),
        CascadeMetrics.appliesTo(task) && sameSources
            ? Optional.of(CascadeMetrics.of(rows, settings, bootstrap))
            : Optional.empty(),
        rows.hasAll(p -> p.reconstruction().isPresent())
            ? ReconstructionMetrics.of(rows, labelledValidation)
            : List.of());
  }
}
