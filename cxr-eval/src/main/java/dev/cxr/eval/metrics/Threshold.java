package dev.cxr.eval.metrics;

/**
 * A threshold chosen from scores: predict positive where {@code score >= value}.
 *
 * @param value the threshold, finite
 * @param youdenJ Youden's J = recall + specificity - 1 that it achieves on the scores it was chosen
 *     from, or why none could be chosen, in which case {@code value} is 0.5
 */
public record Threshold(double value, Estimate youdenJ) {

  /**
   * The threshold with the greatest J (W. J. Youden, "Index for rating diagnostic tests", Cancer 3,
   * 1950). It lies midway between two neighbouring distinct scores, so that no score sits on it and
   * rounding elsewhere cannot carry one across. Of several thresholds with equal J the highest
   * wins, which is the most specific.
   *
   * <p>J is negative where every cut does worse than chance. Choose on one set and report on
   * another: on its own scores the choice flatters itself.
   *
   * @param scores one finite number per example, higher meaning more likely positive
   * @param positive whether each example is positive, in the same order
   * @return the choice; 0.5 with the reason if all scores are equal or all examples of one class
   * @throws IllegalArgumentException if there is no example, the lengths differ or a score is NaN
   *     or infinite
   */
  public static Threshold youden(double[] scores, boolean[] positive) {
    return Ranking.of(new LabelledScores(scores, positive)).youden();
  }

  static Threshold fallback(String reason) {
    return new Threshold(0.5, new Estimate.Undefined(reason));
  }
}
