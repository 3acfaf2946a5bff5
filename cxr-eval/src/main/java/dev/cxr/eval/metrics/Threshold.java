package dev.cxr.eval.metrics;

/**
 * An operating threshold chosen from scores: predict positive where {@code score >= value}.
 *
 * @param value the threshold, finite; 0.5 where none could be chosen
 * @param chosenBy the rule in words, or why none could be chosen
 * @param youdenJ Youden's J = recall + specificity - 1 that it achieves on the scores it was chosen
 *     from, or why that does not exist
 */
public record Threshold(double value, String chosenBy, Estimate youdenJ) {

  /**
   * The threshold of {@link ThresholdRule.Youden}.
   *
   * @param scores one per example, higher meaning more likely positive
   * @param positive whether each example is positive, in the same order
   */
  public static Threshold youden(double[] scores, boolean[] positive) {
    return new ThresholdRule.Youden().choose(new LabelledScores(scores, positive));
  }

  static Threshold fallback(String reason) {
    return new Threshold(
        0.5, "one half, for none could be chosen: " + reason, new Estimate.Undefined(reason));
  }

  /** What this threshold gives on other examples than those it was chosen from. */
  public ConfusionMatrix on(LabelledScores others) {
    return ConfusionMatrix.of(others, value);
  }
}
