package dev.cxr.eval.metrics;

/** Logarithms of probabilities, clipped so that they are finite. */
public final class Logit {

  /** The distance from 1 to the next double, 2^-52; scikit-learn 1.2.1 clips by it. */
  private static final double EPSILON = Math.ulp(1.0);

  private Logit() {}

  /**
   * {@return the logarithm of the odds of a probability, clipped by {@link #clip} first}
   *
   * @param probability in [0, 1]
   */
  public static double of(double probability) {
    double p = clip(probability);
    return StrictMath.log(p) - StrictMath.log1p(-p);
  }

  /**
   * {@return a probability clipped to [2^-52, 1 - 2^-52], whose logarithm and logit are finite}
   *
   * @param probability in [0, 1]
   */
  public static double clip(double probability) {
    return Math.min(Math.max(probability, EPSILON), 1 - EPSILON);
  }

  /** {@return the clipped log loss of one example, from the probability of its true class} */
  static double logLoss(double trueClassProbability) {
    return -StrictMath.log(clip(trueClassProbability));
  }
}
