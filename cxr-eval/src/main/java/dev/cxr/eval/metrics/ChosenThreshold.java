package dev.cxr.eval.metrics;

/**
 * An operating threshold chosen from scores: predict positive where {@code score >= value}.
 *
 * @param value the threshold, finite; 0.5 if none could be chosen
 * @param rule the rule in words, or why none could be chosen
 * @param youdenJ Youden's J = recall + specificity - 1 on the scores it was chosen from
 */
public record ChosenThreshold(double value, String rule, Estimate youdenJ) {

  static ChosenThreshold fallback(String reason) {
    return new ChosenThreshold(
        0.5,
        "0.5, because no threshold could be chosen: " + reason,
        new Estimate.Undefined(reason));
  }
}
