package dev.cxr.eval.metrics;

import java.util.function.IntToDoubleFunction;

/**
 * The two proper scoring rules, which judge scores as probabilities of the positive class and are
 * undefined for scores outside [0, 1]. Lower is better.
 */
public final class ProperScores {

  /** The distance from 1 to the next double, 2^-52: scikit-learn 1.2.1 clips by it. */
  private static final double EPSILON = Math.ulp(1.0);

  private ProperScores() {}

  /**
   * The mean squared distance from probability to label, in [0, 1] (G. W. Brier, "Verification of
   * forecasts expressed in terms of probability", 1950, in its two-class half form).
   */
  public static Estimate brier(LabelledScores examples) {
    return meanLoss(
        examples,
        i -> {
          double truth = examples.isPositive(i) ? examples.score(i) : 1 - examples.score(i);
          return (1 - truth) * (1 - truth);
        });
  }

  /**
   * The mean negative natural logarithm of the probability given to the true class, at least 0.
   * Probabilities are clipped to [2^-52, 1 - 2^-52], so that one confident error costs 36 nats and
   * not all that there is.
   */
  public static Estimate logLoss(LabelledScores examples) {
    return meanLoss(examples, examples::logLoss);
  }

  /** The clipped loss of one example whose true class was given this probability. */
  static double logLoss(double truth) {
    return -StrictMath.log(clip(truth));
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

  private static Estimate meanLoss(LabelledScores examples, IntToDoubleFunction loss) {
    String defect = examples.defectAsProbabilities();
    if (defect != null) {
      return new Estimate.Undefined(defect);
    }
    double sum = 0;
    for (int i = 0; i < examples.length(); i++) {
      if (examples.times(i) > 0) {
        sum += examples.times(i) * loss.applyAsDouble(i);
      }
    }
    return new Estimate.Defined(sum / examples.size(), examples.size());
  }

  /**
   * The mean squared distance of a row of probabilities from the truth, summed over the classes, in
   * [0, 2]: Brier's original form, which for two classes is twice the other.
   */
  public static Estimate brier(LabelledClasses examples) {
    return meanLoss(
        examples,
        i -> {
          double sum = 0;
          for (int c = 0; c < examples.classes().size(); c++) {
            double distance = examples.probabilities(i)[c] - (c == examples.truth(i) ? 1 : 0);
            sum += distance * distance;
          }
          return sum;
        });
  }

  /** {@link #logLoss(LabelledScores)} for several classes. */
  public static Estimate logLoss(LabelledClasses examples) {
    return meanLoss(examples, examples::logLoss);
  }

  private static Estimate meanLoss(LabelledClasses examples, IntToDoubleFunction loss) {
    String defect = examples.defect();
    if (defect != null) {
      return new Estimate.Undefined(defect);
    }
    double sum = 0;
    for (int i = 0; i < examples.length(); i++) {
      sum += examples.times(i) > 0 ? examples.times(i) * loss.applyAsDouble(i) : 0;
    }
    return new Estimate.Defined(sum / examples.size(), examples.size());
  }
}
