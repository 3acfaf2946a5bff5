package dev.cxr.eval.metrics;

import java.util.Arrays;

/**
 * What the order of the scores alone decides: the distinct scores from the highest down, each with
 * the counts of examples that score at least as much. Ties live in one place here, so every figure
 * treats them alike. Made in O(n log n); every figure is then O(n).
 */
final class Ranking {

  private final double[] scores;
  private final long[] truePositives;
  private final long[] falsePositives;

  private Ranking(double[] scores, long[] truePositives, long[] falsePositives) {
    this.scores = scores;
    this.truePositives = truePositives;
    this.falsePositives = falsePositives;
  }

  static Ranking of(LabelledScores examples) {
    double[] positives = examples.ascending(true);
    double[] negatives = examples.ascending(false);
    double[] scores = new double[examples.size()];
    long[] truePositives = new long[examples.size()];
    long[] falsePositives = new long[examples.size()];
    int distinct = 0;
    int p = positives.length;
    int n = negatives.length;
    while (p > 0 || n > 0) {
      double score =
          Math.max(
              p > 0 ? positives[p - 1] : Double.NEGATIVE_INFINITY,
              n > 0 ? negatives[n - 1] : Double.NEGATIVE_INFINITY);
      // Compared by ==, which takes 0.0 and -0.0 for the tie they are.
      while (p > 0 && positives[p - 1] == score) {
        p--;
      }
      while (n > 0 && negatives[n - 1] == score) {
        n--;
      }
      scores[distinct] = score;
      truePositives[distinct] = (long) positives.length - p;
      falsePositives[distinct] = (long) negatives.length - n;
      distinct++;
    }
    return new Ranking(
        Arrays.copyOf(scores, distinct),
        Arrays.copyOf(truePositives, distinct),
        Arrays.copyOf(falsePositives, distinct));
  }

  /**
   * The area under the ROC curve: the chance that a positive example outscores a negative one, a
   * tie counting half. Its interval is the normal one around it with {@link #deLongVariance}, cut
   * to [0, 1]; there is none with fewer than two examples of a class.
   */
  Estimate auroc() {
    if (isOneClass()) {
      return new Estimate.Undefined(oneClass());
    }
    long twiceWon = 0; // in whole numbers, and so exact: at most 2 · (2^31 / 2)^2
    for (int k = 0; k < scores.length; k++) {
      twiceWon +=
          at(truePositives, k) * (2 * (negatives() - falsePositives[k]) + at(falsePositives, k));
    }
    double area = twiceWon / (2.0 * positives() * negatives());
    return positives() < 2 || negatives() < 2
        ? new Estimate.Defined(area, size())
        : new Estimate.Defined(area, size(), Interval.normal(area, deLongVariance(area)));
  }

  /**
   * The variance of the area, S10 / m + S01 / n over m positive and n negative examples (E. R.
   * DeLong, D. M. DeLong, D. L. Clarke-Pearson, "Comparing the areas under two or more correlated
   * receiver operating characteristic curves", Biometrics 44, 1988). The structural components come
   * from counts over the sorted scores, which is the mid-rank method of X. Sun and W. Xu, "Fast
   * implementation of DeLong's algorithm", IEEE Signal Processing Letters 21, 2014: a mid-rank
   * among all less the one within the class is the count of the other class below, ties counting
   * half.
   *
   * <p>Asks for two examples of each class. It is 0 for classes that the scores separate in full,
   * where the interval shrinks to a point: the method cannot see the doubt that is left.
   */
  double deLongVariance(double area) {
    double p = positives();
    double n = negatives();
    double positiveSquares = 0;
    double negativeSquares = 0;
    for (int k = 0; k < scores.length; k++) {
      long positivesHere = at(truePositives, k);
      long negativesHere = at(falsePositives, k);
      double negativesBeaten = (n - falsePositives[k] + negativesHere / 2.0) / n - area;
      double beatenByPositives = (truePositives[k] - positivesHere / 2.0) / p - area;
      positiveSquares += positivesHere * negativesBeaten * negativesBeaten;
      negativeSquares += negativesHere * beatenByPositives * beatenByPositives;
    }
    return positiveSquares / (p - 1) / p + negativeSquares / (n - 1) / n;
  }

  /**
   * Average precision: the precision at each distinct score, weighted by the recall gained there;
   * no interpolation (M. Zhu, "Recall, precision and average precision", 2004).
   */
  Estimate averagePrecision() {
    if (positives() == 0) {
      return new Estimate.Undefined("no positive example");
    }
    double sum = 0;
    for (int k = 0; k < scores.length; k++) {
      double precision = (double) truePositives[k] / (truePositives[k] + falsePositives[k]);
      sum += at(truePositives, k) * precision;
    }
    return new Estimate.Defined(sum / positives(), size());
  }

  RocCurve rocCurve() {
    if (isOneClass()) {
      return new RocCurve(new double[0], new double[0], new double[0]);
    }
    double[] fpr = new double[scores.length + 1];
    double[] tpr = new double[scores.length + 1];
    double[] thresholds = new double[scores.length + 1];
    // The curve starts at (0, 0), where the threshold lets no score pass. Kept finite for JSON.
    thresholds[0] = Math.nextUp(scores[0]);
    for (int k = 0; k < scores.length; k++) {
      fpr[k + 1] = (double) falsePositives[k] / negatives();
      tpr[k + 1] = (double) truePositives[k] / positives();
      thresholds[k + 1] = scores[k];
    }
    return new RocCurve(fpr, tpr, thresholds);
  }

  Threshold youden() {
    if (isOneClass()) {
      return Threshold.fallback(oneClass());
    }
    if (scores.length == 1) {
      return Threshold.fallback("all %d scores equal %s".formatted(size(), scores[0]));
    }
    int best = 0;
    for (int k = 1; k < scores.length - 1; k++) {
      if (scaledJ(k) > scaledJ(best)) {
        best = k;
      }
    }
    return new Threshold(
        midpoint(scores[best + 1], scores[best]),
        new Estimate.Defined(scaledJ(best) / ((double) positives() * negatives()), size()));
  }

  /** J times the numbers of positives and negatives: whole, so that ties are seen as ties. */
  private long scaledJ(int k) {
    return truePositives[k] * negatives() - falsePositives[k] * positives();
  }

  /** The middle of two scores; the upper one where no number lies between them. */
  private static double midpoint(double lower, double upper) {
    double middle = lower / 2 + upper / 2; // halved first: the sum of two scores may overflow
    return lower < middle && middle < upper ? middle : upper;
  }

  private boolean isOneClass() {
    return positives() == 0 || negatives() == 0;
  }

  private String oneClass() {
    return positives() == 0 ? "no positive example" : "no negative example";
  }

  private long positives() {
    return truePositives[truePositives.length - 1];
  }

  private long negatives() {
    return falsePositives[falsePositives.length - 1];
  }

  private long size() {
    return positives() + negatives();
  }

  /** How many of the examples that {@code counts} adds up have the score {@code k} itself. */
  private static long at(long[] counts, int k) {
    return k == 0 ? counts[0] : counts[k] - counts[k - 1];
  }
}
