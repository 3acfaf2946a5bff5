package dev.cxr.eval.figures;

import dev.cxr.data.index.Task;
import dev.cxr.eval.metrics.BinaryReport;
import dev.cxr.eval.metrics.DecisionCurve;
import dev.cxr.eval.metrics.LabelledClasses;
import dev.cxr.eval.metrics.LabelledScores;
import dev.cxr.eval.metrics.MultiClassReport;
import dev.cxr.eval.metrics.PatientBootstrap;
import dev.cxr.eval.metrics.PrecisionRecallCurve;
import dev.cxr.eval.metrics.PredictiveValues;
import dev.cxr.eval.metrics.RiskCoverageCurve;
import dev.cxr.eval.metrics.RocCurve;
import dev.cxr.eval.prediction.Prediction;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Every figure of an evaluation. The positive class is the task's; of three classes it is any but
 * the first, and {@code classes} tells of each.
 *
 * @param binary the positive class against the rest, at the operating threshold
 * @param promised what validation gives; empty if there is none, or it is what is judged
 * @param classes the classification report: of two classes at the operating threshold, of three by
 *     the most probable one
 * @param rocByClass of three classes each against the rest, in order; else empty
 * @param precisionRecall of the positive class
 * @param calibration of the positive class's probability
 * @param thresholds the operating threshold, then what other rules choose on validation
 * @param decision net benefit at thresholds from 0.01 to 0.99
 * @param abstention what leaving the least sure pictures to a person gives
 * @param prevalences predictive values where the disease is rarer or more frequent
 * @param majority what one and the same answer achieves
 * @param baselines what looking at no lung achieves
 * @param robustness the model after changes to the pictures; empty if none was tried
 * @param subgroups the model on parts of the pictures
 * @param outOfDistribution how many pictures are unlike those of training; empty if they were not
 *     compared
 * @param stages of three classes, one step after the other
 * @param reconstruction of a network that gives pictures back, how well that tells anomalies; else
 *     empty
 */
public record Figures(
    BinaryReport binary,
    Optional<Promised> promised,
    MultiClassReport classes,
    List<RocCurve> rocByClass,
    PrecisionRecallCurve precisionRecall,
    Recalibration calibration,
    List<OperatingPoint> thresholds,
    DecisionCurve decision,
    RiskCoverageCurve abstention,
    List<PredictiveValues> prevalences,
    Majority majority,
    List<Baseline> baselines,
    List<Robustness> robustness,
    Subgroup.Subgroups subgroups,
    Optional<OutOfDistribution> outOfDistribution,
    Optional<Stages> stages,
    List<Reconstruction> reconstruction) {

  private static final double[] PREVALENCES = {0.01, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7};

  /** The positive class's probabilities beside what the pictures show. */
  public static LabelledScores scores(Task task, List<Prediction> predictions) {
    return new Rows(task, predictions).scores();
  }

  /**
   * Computes all of them.
   *
   * @param judged the pictures to judge the model on
   * @param validation the pictures that thresholds and temperature are chosen on; may be empty
   */
  public static Figures of(
      Settings settings, List<Prediction> judged, List<Prediction> validation) {
    Task task = settings.task();
    double threshold = settings.threshold();
    Rows rows = new Rows(task, judged);
    Rows chosenOn = new Rows(task, validation);
    LabelledScores scores = rows.scores();
    LabelledClasses classes = rows.classes();
    boolean several = task == Task.THREE_CLASS;
    PatientBootstrap bootstrap =
        PatientBootstrap.of(
            rows.patients(), settings.bootstrapSeed(), settings.bootstrapResamples());
    BinaryReport binary = BinaryReport.of(scores, threshold, bootstrap);
    Figures together =
        new Figures(
            binary,
            Promised.of(settings, rows, chosenOn),
            MultiClassReport.of(several ? classes : classes.decidedAt(threshold), bootstrap),
            several
                ? IntStream.range(0, task.classes().size())
                    .mapToObj(c -> RocCurve.of(classes.oneVersusRest(c)))
                    .toList()
                : List.of(),
            PrecisionRecallCurve.of(scores),
            Recalibration.of(rows, chosenOn, bootstrap),
            OperatingPoint.of(settings, rows, chosenOn),
            DecisionCurve.of(scores),
            several
                ? RiskCoverageCurve.of(classes, bootstrap)
                : RiskCoverageCurve.of(scores, threshold, bootstrap),
            PredictiveValues.at(binary.confusion(), PREVALENCES),
            Majority.of(rows, chosenOn),
            Baseline.of(rows, chosenOn),
            Robustness.of(rows, threshold),
            Subgroup.of(rows, threshold),
            rows.compared()
                ? Optional.of(OutOfDistribution.of(rows, chosenOn, threshold, bootstrap))
                : Optional.empty(),
            several ? Optional.of(Stages.of(rows, settings, bootstrap)) : Optional.empty(),
            rows.rebuilt() ? Reconstruction.of(rows, chosenOn) : List.of());
    return settings.classSources() == ClassSources.SHARED
        ? together
        : together.apart(rows, chosenOn, threshold);
  }

  /** The same without a figure that mixes classes. */
  private Figures apart(Rows rows, Rows chosenOn, double threshold) {
    LabelledScores barred = rows.scores().barred(ClassSources.REASON);
    return new Figures(
        binary.apart(barred),
        promised.map(Promised::apart),
        classes.apart(rows.classes().barred(ClassSources.REASON)),
        List.of(),
        PrecisionRecallCurve.of(barred),
        Recalibration.apart(rows, chosenOn),
        thresholds.stream().map(OperatingPoint::apart).toList(),
        DecisionCurve.of(barred),
        RiskCoverageCurve.of(barred, threshold),
        List.of(),
        majority.apart(),
        baselines.stream().map(Baseline::apart).toList(),
        robustness.stream().map(Robustness::apart).toList(),
        Subgroup.apart(subgroups),
        outOfDistribution,
        Optional.empty(),
        reconstruction.stream().map(Reconstruction::apart).toList());
  }
}
