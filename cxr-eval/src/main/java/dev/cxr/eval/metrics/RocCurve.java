package dev.cxr.eval.metrics;

/**
 * The receiver operating characteristic as parallel arrays: point {@code k} is the result of {@code
 * score >= thresholds[k]}. It runs from (0, 0) to (1, 1) with one point for each distinct score,
 * thresholds descending; the first threshold is the next double above the highest score. It is
 * empty if a class is absent or a score is not finite.
 *
 * <p>The area under it is {@link RankingMetrics#auroc}.
 *
 * <p>The arrays are not copied and must not change. Curves compare by identity of their arrays.
 *
 * @param fpr false positive rates, in [0, 1], not decreasing
 * @param tpr true positive rates, in [0, 1], not decreasing
 * @param thresholds the lowest score that each point counts as positive, strictly decreasing
 */
@SuppressWarnings("ArrayRecordComponent") // plotted and written column by column, never compared
public record RocCurve(double[] fpr, double[] tpr, double[] thresholds) {

  /**
   * {@return the curve of some scores}
   *
   * @param examples the examples to evaluate
   */
  public static RocCurve of(LabelledScores examples) {
    return of(RankingMetrics.of(examples));
  }

  static RocCurve of(RankingMetrics ranking) {
    if (ranking.singleClassReason() != null) {
      return new RocCurve(new double[0], new double[0], new double[0]);
    }
    double[] fpr = new double[ranking.cutoffs() + 1];
    double[] tpr = new double[ranking.cutoffs() + 1];
    double[] thresholds = new double[ranking.cutoffs() + 1];
    // The curve starts at (0, 0), where no score reaches the threshold. Finite, for JSON.
    thresholds[0] = Math.min(Math.nextUp(ranking.score(0)), Double.MAX_VALUE);
    for (int k = 0; k < ranking.cutoffs(); k++) {
      fpr[k + 1] = (double) ranking.falsePositives(k) / ranking.negatives();
      tpr[k + 1] = (double) ranking.truePositives(k) / ranking.positives();
      thresholds[k + 1] = ranking.score(k);
    }
    return new RocCurve(fpr, tpr, thresholds);
  }
}
