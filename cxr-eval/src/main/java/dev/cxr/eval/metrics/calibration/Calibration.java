package dev.cxr.eval.metrics.calibration;

import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.LabelledScores;
import dev.cxr.eval.metrics.PatientBootstrap;
import dev.cxr.eval.metrics.ProperScores;
import dev.cxr.eval.metrics.Resampled;

/**
 * All that this package can say about two-class probabilities, ready to be written out. No figure
 * is defined for scores outside [0, 1].
 *
 * @param reliability probabilities beside what happened, with the expected calibration error
 * @param brier {@link ProperScores#brier}
 * @param parts what the Brier score consists of; without intervals, for resampling raises them
 *     beyond use
 * @param logLoss {@link ProperScores#logLoss}
 * @param line slope and intercept, with Wald intervals
 */
public record Calibration(
    Reliability reliability,
    Estimate brier,
    BrierParts parts,
    Estimate logLoss,
    CalibrationLine line) {

  /** What the figures of one resample follow from. */
  private record Sample(Reliability reliability, Estimate brier, Estimate logLoss) {

    static Sample of(LabelledScores probabilities) {
      return new Sample(
          Reliability.of(probabilities),
          ProperScores.brier(probabilities),
          ProperScores.logLoss(probabilities));
    }
  }

  /** Judges probabilities against labels. */
  public static Calibration of(LabelledScores probabilities) {
    return of(probabilities, Resampled.none(Sample.of(probabilities)));
  }

  /** The same with intervals by patient for calibration error, Brier score and log loss. */
  public static Calibration of(LabelledScores probabilities, PatientBootstrap bootstrap) {
    return of(probabilities, bootstrap.resample(times -> Sample.of(probabilities.repeated(times))));
  }

  private static Calibration of(LabelledScores probabilities, Resampled<Sample> samples) {
    return new Calibration(
        new Reliability(
            samples.point().reliability().bins(),
            samples.estimateOfRaised(sample -> sample.reliability().ece())),
        samples.estimate(Sample::brier),
        BrierParts.of(probabilities),
        samples.estimate(Sample::logLoss),
        CalibrationLine.of(probabilities));
  }
}
