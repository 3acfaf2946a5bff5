package dev.cxr.eval.metrics;

/**
 * An operating threshold chosen from scores: predict positive where {@code score >= value}.
 *
 * @param value the threshold, finite; 0.5 where none could be chosen
 * @param rule the rule in words, or why none could be chosen
 * @param youdenJ Youden's J = recall + specificity - 1 that it achieves on the scores it was chosen
 *     from, or why that does not exist
 */
public record ChosenThreshold(double value, String rule, Estimate youdenJ) {

  /**
   * The threshold of {@link ThresholdRule.Youden}.
   *
   * @param scores one per example, higher meaning more likely positive
   * @param positive whether each example is positive, in the same order
   */
  public static ChosenThreshold youden(double[] scores, boolean[] positive) {
    return new ThresholdRule.Youden().choose(new LabelledScores(scores, positive));
  }

  static ChosenThreshold fallback(String reason) {
    return new ChosenThreshold(
        0.5, "one half, for none could be chosen: " + reason, new Estimate.Undefined(reason));
  }

  /** What this threshold gives on other examples than those it was chosen from. */
  public ConfusionMatrix confusionOn(LabelledScores others) {
    return ConfusionMatrix.of(others, value);
  }
}
