package dev.cxr.eval.metrics;

/**
 * Precision against recall as parallel arrays: point {@code k} is precision and recall of {@code
 * score >= thresholds[k]}, one for each distinct score, thresholds descending. Between two points
 * the curve is a step, not a straight line (J. Davis and M. Goadrich, "The relationship between
 * Precision-Recall and ROC curves", ICML 2006). It is empty without a positive example.
 *
 * <p>The arrays are not copied, as in {@link RocCurve}.
 *
 * @param recall in [0, 1], not decreasing; ends at 1
 * @param precision in [0, 1]; ends at the share of positives
 * @param thresholds the lowest score that each point counts as positive, strictly decreasing
 */
@SuppressWarnings("ArrayRecordComponent") // plotted and written column by column, never compared
public record PrecisionRecallCurve(double[] recall, double[] precision, double[] thresholds) {

  /**
   * {@return the curve of some scores}
   *
   * @param examples the examples to evaluate
   */
  public static PrecisionRecallCurve of(LabelledScores examples) {
    RankingMetrics ranking = RankingMetrics.of(examples);
    int points = ranking.noPositiveReason() == null ? ranking.cutoffs() : 0;
    double[] recall = new double[points];
    double[] precision = new double[points];
    double[] thresholds = new double[points];
    for (int k = 0; k < points; k++) {
      double found = ranking.truePositives(k);
      recall[k] = found / ranking.positives();
      precision[k] = found / (ranking.truePositives(k) + ranking.falsePositives(k));
      thresholds[k] = ranking.score(k);
    }
    return new PrecisionRecallCurve(recall, precision, thresholds);
  }
}
