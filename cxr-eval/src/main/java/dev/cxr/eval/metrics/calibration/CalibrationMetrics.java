package dev.cxr.eval.metrics.calibration;

import dev.cxr.eval.metrics.BootstrapResult;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.LabelledExamples;
import dev.cxr.eval.metrics.LabelledScores;
import dev.cxr.eval.metrics.PatientBootstrap;

/**
 * All calibration metrics of two-class probabilities, ready for JSON. They are undefined for scores
 * outside [0, 1].
 *
 * @param reliability the reliability diagram, with the expected calibration error
 * @param brier {@link LabelledExamples#brier}
 * @param logLoss {@link LabelledExamples#logLoss}
 * @param regression calibration slope and intercept, with Wald intervals
 */
public record CalibrationMetrics(
    ReliabilityDiagram reliability,
    Estimate brier,
    Estimate logLoss,
    CalibrationRegression regression) {

  /** What the metrics of one resample are computed from. */
  private record Sample(ReliabilityDiagram reliability, Estimate brier, Estimate logLoss) {

    static Sample of(LabelledScores probabilities) {
      return new Sample(
          ReliabilityDiagram.of(probabilities), probabilities.brier(), probabilities.logLoss());
    }
  }

  /**
   * {@return the calibration of probabilities, with intervals by patient for calibration error,
   * Brier score and log loss}
   *
   * @param probabilities probabilities in [0, 1]
   * @param bootstrap resamples the patients of the examples, in the same order
   */
  public static CalibrationMetrics of(LabelledScores probabilities, PatientBootstrap bootstrap) {
    BootstrapResult<Sample> samples =
        bootstrap.resample(weights -> Sample.of(probabilities.withWeights(weights)));
    return new CalibrationMetrics(
        new ReliabilityDiagram(
            samples.point().reliability().bins(),
            samples.estimateUpwardBiased(sample -> sample.reliability().ece())),
        samples.estimate(Sample::brier),
        samples.estimate(Sample::logLoss),
        CalibrationRegression.of(probabilities));
  }
}
