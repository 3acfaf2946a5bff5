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
 * Every figure of an evaluation. The positive class is the task's; of three classes it is any but
 * the first, and {@code classes} tells of each.
 *
 * @param binary the positive class against the rest, at the operating threshold
 * @param validation what validation gives; empty if there is none, or it is what is judged
 * @param multiClass the classification report: of two classes at the operating threshold, of three
 *     by the most probable one
 * @param rocByClass of three classes each against the rest, in order; else empty
 * @param precisionRecall of the positive class
 * @param calibration of the positive class's probability
 * @param operatingPoints the operating threshold, then what other rules choose on validation
 * @param decisionCurve net benefit at thresholds from 0.01 to 0.99
 * @param riskCoverage what leaving the least sure pictures to a person gives
 * @param predictiveValues predictive values where the disease is rarer or more frequent
 * @param majorityBaseline what one and the same answer achieves
 * @param baselines what looking at no lung achieves
 * @param robustness the model after changes to the pictures; empty if none was tried
 * @param subgroups the model on parts of the pictures
 * @param outOfDistribution how many pictures are unlike those of training; empty if they were not
 *     compared
 * @param cascade of three classes, one step after the other
 * @param reconstruction of a network that gives pictures back, how well that tells anomalies; else
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

  /** The positive class's probabilities beside what the pictures show. */
  public static LabelledScores scores(Task task, List<ImagePrediction> predictions) {
    return new LabelledPredictions(task, predictions).scores();
  }

  /**
   * Computes all of them.
   *
   * @param evaluated the pictures to judge the model on
   * @param validation the pictures that thresholds and temperature are chosen on; may be empty
   */
  public static EvaluationMetrics of(
      EvaluationSettings settings,
      List<ImagePrediction> evaluated,
      List<ImagePrediction> validation) {
    Task task = settings.task();
    double threshold = settings.threshold();
    LabelledPredictions rows = new LabelledPredictions(task, evaluated);
    LabelledPredictions labelledValidation = new LabelledPredictions(task, validation);
    LabelledScores scores = rows.scores();
    LabelledProbabilities classes = rows.classes();
    boolean several = task == Task.THREE_CLASS;
    PatientBootstrap bootstrap =
        PatientBootstrap.of(
            rows.patients(), settings.bootstrapSeed(), settings.bootstrapResamples());
    BinaryMetrics binary = BinaryMetrics.of(scores, threshold, bootstrap);
    EvaluationMetrics sharedSource =
        new EvaluationMetrics(
            binary,
            ValidationMetrics.of(settings, rows, labelledValidation),
            MultiClassMetrics.of(several ? classes : classes.decideAt(threshold), bootstrap),
            several
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
            PredictiveValues.at(binary.confusion(), PREVALENCES),
            MajorityBaseline.of(rows, labelledValidation),
            BaselineMetrics.of(rows, labelledValidation),
            RobustnessMetrics.of(rows, threshold),
            SubgroupMetrics.of(rows, threshold),
            rows.hasOutOfDistributionScores()
                ? Optional.of(
                    OutOfDistributionMetrics.of(rows, labelledValidation, threshold, bootstrap))
                : Optional.empty(),
            several ? Optional.of(CascadeMetrics.of(rows, settings, bootstrap)) : Optional.empty(),
            rows.hasReconstructions()
                ? ReconstructionMetrics.of(rows, labelledValidation)
                : List.of());
    return settings.classSources() == ClassSources.SHARED
        ? sharedSource
        : sharedSource.withoutCrossClass(rows, labelledValidation, threshold);
  }

  /** The same without a figure that mixes classes. */
  private EvaluationMetrics withoutCrossClass(
      LabelledPredictions rows, LabelledPredictions labelledValidation, double threshold) {
    LabelledScores undefined = rows.scores().undefined(ClassSources.REASON);
    return new EvaluationMetrics(
        binary.withoutCrossClass(undefined),
        validation.map(ValidationMetrics::withoutCrossClass),
        multiClass.withoutCrossClass(rows.classes().undefined(ClassSources.REASON)),
        List.of(),
        PrecisionRecallCurve.of(undefined),
        Recalibration.withoutCrossClass(rows, labelledValidation),
        operatingPoints.stream().map(OperatingPoint::withoutCrossClass).toList(),
        DecisionCurve.of(undefined),
        RiskCoverageCurve.of(undefined, threshold),
        List.of(),
        majorityBaseline.withoutCrossClass(),
        baselines.stream().map(BaselineMetrics::withoutCrossClass).toList(),
        robustness.stream().map(RobustnessMetrics::withoutCrossClass).toList(),
        SubgroupMetrics.withoutCrossClass(subgroups),
        outOfDistribution,
        Optional.empty(),
        reconstruction.stream().map(ReconstructionMetrics::withoutCrossClass).toList());
  }
}
