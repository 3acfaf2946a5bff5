package dev.cxr.eval.metrics;

import org.jspecify.annotations.Nullable;

/**
 * The two proper scoring rules, which judge scores as probabilities of the positive class and are
 * undefined for scores outside [0, 1]. Lower is better.
 */
public final class ProperScoringRules {

  /** The distance from 1 to the next double, 2^-52: scikit-learn 1.2.1 clips by it. */
  private static final double EPSILON = Math.ulp(1.0);

  private ProperScoringRules() {}

  /**
   * The mean squared distance from probability to label, in [0, 1] (G. W. Brier, "Verification of
   * forecasts expressed in terms of probability", 1950, in its two-class half form).
   */
  public static Estimate brier(LabelledScores examples) {
    return weightedMean(
        examples.undefinedReasonAsProbabilities(),
        examples.brierTerms(),
        examples.weights(),
        examples.size());
  }

  /**
   * The mean negative natural logarithm of the probability given to the true class, at least 0.
   * Probabilities are clipped to [2^-52, 1 - 2^-52], so that one confident error costs 36 nats and
   * not all that there is.
   */
  public static Estimate logLoss(LabelledScores examples) {
    return weightedMean(
        examples.undefinedReasonAsProbabilities(),
        examples.logLossTerms(),
        examples.weights(),
        examples.size());
  }

  /** The clipped loss of one example whose true class was given this probability. */
  static double logLoss(double trueClassProbability) {
    return -StrictMath.log(clip(trueClassProbability));
  }

  /** A probability clipped to [2^-52, 1 - 2^-52], whose logarithm and logit are finite. */
  public static double clip(double probability) {
    return Math.min(Math.max(probability, EPSILON), 1 - EPSILON);
  }

  /** The logarithm of the odds of a probability, clipped by {@link #clip} first. */
  public static double logit(double probability) {
    double p = clip(probability);
    return StrictMath.log(p) - StrictMath.log1p(-p);
  }

  /**
   * The mean squared distance of a row of probabilities from the truth, summed over the classes, in
   * [0, 2]: Brier's original form, which for two classes is twice the other.
   */
  public static Estimate brier(LabelledProbabilities examples) {
    return weightedMean(
        examples.undefinedReason(), examples.brierTerms(), examples.weights(), examples.size());
  }

  /** {@link #logLoss(LabelledScores)} for several classes. */
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
