package dev.cxr.eval.metrics;

import java.util.function.DoubleUnaryOperator;

/**
 * The two proper scoring rules, which judge scores as probabilities of the positive class and are
 * undefined for scores outside [0, 1]. Lower is better.
 */
final class ProperScores {

  /** The distance from 1 to the next double, 2^-52: scikit-learn 1.2.1 clips by it. */
  private static final double EPSILON = Math.ulp(1.0);

  private ProperScores() {}

  /**
   * The mean squared distance from probability to label, in [0, 1] (G. W. Brier, "Verification of
   * forecasts expressed in terms of probability", 1950, in its two-class half form).
   */
  static Estimate brier(LabelledScores examples) {
    return meanLoss(examples, truth -> (1 - truth) * (1 - truth));
  }

  /**
   * The mean negative natural logarithm of the probability given to the true class, at least 0.
   * Probabilities are clipped to [2^-52, 1 - 2^-52], so that one confident error costs 36 nats and
   * not all that there is.
   */
  static Estimate logLoss(LabelledScores examples) {
    return meanLoss(examples, truth -> -Math.log(Math.min(Math.max(truth, EPSILON), 1 - EPSILON)));
  }

  /** The mean of a loss over the probability that each example's true class was given. */
  private static Estimate meanLoss(LabelledScores examples, DoubleUnaryOperator loss) {
    double sum = 0;
    for (int i = 0; i < examples.size(); i++) {
      double probability = examples.score(i);
      if (probability < 0 || probability > 1) {
        return new Estimate.Undefined(
            "score %s at index %d is outside [0, 1] and no probability".formatted(probability, i));
      }
      sum += loss.applyAsDouble(examples.isPositive(i) ? probability : 1 - probability);
    }
    return new Estimate.Defined(sum / examples.size(), examples.size());
  }
}
