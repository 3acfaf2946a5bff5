package dev.cxr.eval.metrics.calibration;

import dev.cxr.eval.metrics.BootstrapResult;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.LabelledScores;
import dev.cxr.eval.metrics.PatientBootstrap;
import dev.cxr.eval.metrics.ProperScoringRules;

/**
 * All calibration metrics of two-class probabilities, ready for JSON. They are undefined for scores
 * outside [0, 1].
 *
 * @param reliability the reliability diagram, with the expected calibration error
 * @param brier {@link ProperScoringRules#brier}
 * @param brierDecomposition the parts of the Brier score; without intervals, because resampling
 *     biases them upwards too much
 * @param logLoss {@link ProperScoringRules#logLoss}
 * @param regression calibration slope and intercept, with Wald intervals
 */
public record CalibrationMetrics(
    ReliabilityDiagram reliability,
    Estimate brier,
    BrierDecomposition brierDecomposition,
    Estimate logLoss,
    CalibrationRegression regression) {

  /** What the metrics of one resample are computed from. */
  private record Sample(ReliabilityDiagram reliability, Estimate brier, Estimate logLoss) {

    static Sample of(LabelledScores probabilities) {
      return new Sample(
          ReliabilityDiagram.of(probabilities),
          ProperScoringRules.brier(probabilities),
          ProperScoringRules.logLoss(probabilities));
    }
  }

  /**
   * {@return the calibration of probabilities}
   *
   * @param probabilities probabilities in [0, 1]
   */
  public static CalibrationMetrics of(LabelledScores probabilities) {
    return of(probabilities, BootstrapResult.none(Sample.of(probabilities)));
  }

  /**
   * {@return the same, with intervals by patient for calibration error, Brier score and log loss}
   *
   * @param probabilities probabilities in [0, 1]
   * @param bootstrap resamples the patients of the examples, in the same order
   */
  public static CalibrationMetrics of(LabelledScores probabilities, PatientBootstrap bootstrap) {
    return of(
        probabilities,
        bootstrap.resample(weights -> Sample.of(probabilities.withWeights(weights))));
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
