package dev.cxr.eval.metrics.calibration;

import dev.cxr.eval.metrics.BootstrapResult;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.LabelledScores;
import dev.cxr.eval.metrics.PatientBootstrap;
import dev.cxr.eval.metrics.ProperScoringRules;

/**
 * All that this package can say about two-class probabilities, ready to be written out. No figure
 * is defined for scores outside [0, 1].
 *
 * @param reliability probabilities beside what happened, with the expected calibration error
 * @param brier {@link ProperScoringRules#brier}
 * @param brierDecomposition what the Brier score consists of; without intervals, for resampling
 *     raises them beyond use
 * @param logLoss {@link ProperScoringRules#logLoss}
 * @param regression slope and intercept, with Wald intervals
 */
public record CalibrationMetrics(
    ReliabilityDiagram reliability,
    Estimate brier,
    BrierDecomposition brierDecomposition,
    Estimate logLoss,
    CalibrationRegression regression) {

  /** What the figures of one resample follow from. */
  private record Sample(ReliabilityDiagram reliability, Estimate brier, Estimate logLoss) {

    static Sample of(LabelledScores probabilities) {
      return new Sample(
          ReliabilityDiagram.of(probabilities),
          ProperScoringRules.brier(probabilities),
          ProperScoringRules.logLoss(probabilities));
    }
  }

  /** Judges probabilities against labels. */
  public static CalibrationMetrics of(LabelledScores probabilities) {
    return of(probabilities, BootstrapResult.none(Sample.of(probabilities)));
  }

  /** The same with intervals by patient for calibration error, Brier score and log loss. */
  public static CalibrationMetrics of(LabelledScores probabilities, PatientBootstrap bootstrap) {
    return of(
        probabilities, bootstrap.resample(weights -> Sample.of(probabilities.resample(weights))));
  }

  private static CalibrationMetrics of(
      LabelledScores probabilities, BootstrapResult<Sample> samples) {
    return new CalibrationMetrics(
        new ReliabilityDiagram(
            samples.point().reliability().bins(),
            samples.estimateUpwardBiased(sample -> sample.reliability().ece())),
        samples.estimate(Sample::brier),
        BrierDecomposition.of(probabilities),
        samples.estimate(Sample::logLoss),
        CalibrationRegression.of(probabilities));
  }
}
