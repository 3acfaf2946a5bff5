package dev.cxr.eval.metrics;

/**
 * The receiver operating characteristic as parallel arrays: point {@code k} is what the rule {@code
 * score >= thresholds[k]} achieves. It runs from (0, 0) to (1, 1) with one point for each distinct
 * score, thresholds falling; the first threshold is the next double above the highest score. It has
 * no points where the examples are of one class only or cannot be judged.
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

  /** The curve of some scores. */
  public static RocCurve of(LabelledScores examples) {
    return of(RankedScores.of(examples));
  }

  static RocCurve of(RankedScores ranking) {
    if (ranking.singleClassReason() != null) {
      return new RocCurve(new double[0], new double[0], new double[0]);
    }
    double[] fpr = new double[ranking.cutoffs() + 1];
    double[] tpr = new double[ranking.cutoffs() + 1];
    double[] thresholds = new double[ranking.cutoffs() + 1];
    // The curve starts at (0, 0), where the threshold lets no score pass. Kept finite for JSON.
    thresholds[0] = Math.min(Math.nextUp(ranking.score(0)), Double.MAX_VALUE);
    for (int k = 0; k < ranking.cutoffs(); k++) {
      fpr[k + 1] = (double) ranking.falsePositives(k) / ranking.negatives();
      tpr[k + 1] = (double) ranking.truePositives(k) / ranking.positives();
      thresholds[k + 1] = ranking.score(k);
    }
    return new RocCurve(fpr, tpr, thresholds);
  }
}
