package dev.cxr.eval.metrics;

/**
 * The receiver operating characteristic as parallel arrays: point {@code k} is what the rule {@code
 * score >= thresholds[k]} achieves. It runs from (0, 0) to (1, 1) with one point for each distinct
 * score, thresholds falling; the first threshold is the next double above the highest score. It has
 * no points where the examples are of one class only.
 *
 * <p>The arrays are not copied: they are for plotting and writing out, not for changing. Curves
 * therefore compare by identity of their arrays.
 *
 * @param fpr false positive rates, in [0, 1], not falling
 * @param tpr true positive rates, in [0, 1], not falling
 * @param thresholds the lowest score that each point counts as positive, strictly falling
 */
@SuppressWarnings("ArrayRecordComponent") // plotted and written column by column, never compared
public record RocCurve(double[] fpr, double[] tpr, double[] thresholds) {

  /**
   * The curve of some scores.
   *
   * @param scores one finite number per example, higher meaning more likely positive
   * @param positive whether each example is positive, in the same order
   * @return the curve, without points if the examples are of one class only
   * @throws IllegalArgumentException if there is no example, the lengths differ or a score is NaN
   *     or infinite
   */
  public static RocCurve of(double[] scores, boolean[] positive) {
    return Ranking.of(new LabelledScores(scores, positive)).rocCurve();
  }
}
