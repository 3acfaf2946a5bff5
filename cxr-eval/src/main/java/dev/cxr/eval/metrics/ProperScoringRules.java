package dev.cxr.eval.metrics;

import org.jspecify.annotations.Nullable;

/** Brier score and log loss, undefined for scores outside [0, 1]. Lower is better. */
public final class ProperScoringRules {

  private ProperScoringRules() {}

  /**
   * {@return the mean squared distance from probability to label, in [0, 1]} (G. W. Brier,
   * "Verification of forecasts expressed in terms of probability", 1950, in its two-class half
   * form)
   *
   * @param examples the examples to evaluate
   */
  public static Estimate brier(LabelledScores examples) {
    return weightedMean(
        examples.undefinedReasonAsProbabilities(),
        examples.brierTerms(),
        examples.weights(),
        examples.size());
  }

  /**
   * {@return the mean negative natural logarithm of the probability of the true class, at least 0}
   * Probabilities are clipped to [2^-52, 1 - 2^-52], so that one confident error costs 36 nats and
   * not infinitely many.
   *
   * @param examples the examples to evaluate
   */
  public static Estimate logLoss(LabelledScores examples) {
    return weightedMean(
        examples.undefinedReasonAsProbabilities(),
        examples.logLossTerms(),
        examples.weights(),
        examples.size());
  }

  /**
   * {@return the mean squared distance of the probabilities from the true class, summed over the
   * classes, in [0, 2]} This is Brier's original form; for two classes it is twice the other.
   *
   * @param examples the examples to evaluate
   */
  public static Estimate brier(LabelledProbabilities examples) {
    return weightedMean(
        examples.undefinedReason(), examples.brierTerms(), examples.weights(), examples.size());
  }

  /**
   * {@return {@link #logLoss(LabelledScores)} for several classes}
   *
   * @param examples the examples to evaluate
   */
  public static Estimate logLoss(LabelledProbabilities examples) {
    return weightedMean(
        examples.undefinedReason(), examples.logLossTerms(), examples.weights(), examples.size());
  }

  private static Estimate weightedMean(
      @Nullable String undefinedReason, double[] losses, int[] weights, long size) {
    if (undefinedReason != null) {
      return new Estimate.Undefined(undefinedReason);
    }
    double sum = 0;
    for (int i = 0; i < losses.length; i++) {
      sum += weights[i] * losses[i];
    }
    return new Estimate.Defined(sum / size, size);
  }
}
