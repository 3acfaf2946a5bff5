package dev.cxr.eval.metrics.calibration;

import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.LabelledScores;
import dev.cxr.eval.metrics.RankingMetrics;

/**
 * The decomposition of the Brier score: {@code brier = miscalibration - discrimination +
 * uncertainty}.
 *
 * <p>It uses isotonic regression instead of bins, so that the parts add up exactly and no number of
 * bins has to be chosen (T. Dimitriadis, T. Gneiting, A. I. Jordan, "Stable reliability diagrams
 * for probabilistic classifiers", PNAS 118, 2021).
 *
 * @param miscalibration what the best monotone recalibration of these examples would save, at least
 *     0
 * @param discrimination how much recalibrated probabilities improve on the share of positives, at
 *     least 0
 * @param uncertainty the Brier score of the share of positives, in [0, 0.25]
 */
public record BrierDecomposition(
    Estimate miscalibration, Estimate discrimination, Estimate uncertainty) {

  /**
   * {@return the decomposition of the Brier score of probabilities}
   *
   * @param probabilities probabilities in [0, 1]
   */
  public static BrierDecomposition of(LabelledScores probabilities) {
    String undefinedReason = probabilities.undefinedReasonAsProbabilities();
    if (undefinedReason != null) {
      Estimate undefined = new Estimate.Undefined(undefinedReason);
      return new BrierDecomposition(undefined, undefined, undefined);
    }
    RankingMetrics ranking = RankingMetrics.of(probabilities);
    double n = ranking.size();
    double brier = 0;
    for (int k = 0; k < ranking.cutoffs(); k++) {
      double p = ranking.score(k);
      brier += ranking.positivesTied(k) * (1 - p) * (1 - p) + ranking.negativesTied(k) * p * p;
    }
    double uncertainty = ranking.positives() * (ranking.negatives() / n);
    double recalibrated = isotonicSquaredError(ranking);
    return new BrierDecomposition(
        nonNegativeMean(brier - recalibrated, ranking),
        nonNegativeMean(uncertainty - recalibrated, ranking),
        nonNegativeMean(uncertainty, ranking));
  }

  /** Rounding may leave the sum slightly below 0. */
  private static Estimate nonNegativeMean(double sum, RankingMetrics ranking) {
    return new Estimate.Defined(Math.max(0, sum / ranking.size()), ranking.size());
  }

  /**
   * The residual sum of squares of isotonic regression, by pooling adjacent violators: in
   * descending order of scores, a block whose share of positives is not below that of the previous
   * block joins it.
   */
  private static double isotonicSquaredError(RankingMetrics ranking) {
    double[] positives = new double[ranking.cutoffs()];
    double[] size = new double[ranking.cutoffs()];
    int blocks = 0;
    for (int k = 0; k < ranking.cutoffs(); k++) {
      positives[blocks] = ranking.positivesTied(k);
      size[blocks] = ranking.positivesTied(k) + ranking.negativesTied(k);
      while (blocks > 0
          && positives[blocks] * size[blocks - 1] >= positives[blocks - 1] * size[blocks]) {
        blocks--;
        positives[blocks] += positives[blocks + 1];
        size[blocks] += size[blocks + 1];
      }
      blocks++;
    }
    double sum = 0;
    for (int b = 0; b < blocks; b++) {
      sum += positives[b] * (size[b] - positives[b]) / size[b];
    }
    return sum;
  }
}
