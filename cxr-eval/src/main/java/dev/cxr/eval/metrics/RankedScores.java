package dev.cxr.eval.metrics;

import org.jspecify.annotations.Nullable;

/**
 * What the order of the scores alone decides: the distinct scores from the highest down, each with
 * the counts of examples that score at least as much. Ties live in one place here, so every figure
 * treats them alike. Made in O(n), for {@link LabelledScores} are ranked already; every figure is
 * O(n) too. There are no cuts where the examples have a {@link LabelledScores#undefinedReason}.
 */
public final class RankedScores {

  private final double[] scores;
  private final long[] truePositives;
  private final long[] falsePositives;
  private final int cutoffs; // the arrays may be longer
  private final @Nullable String undefinedReason;

  private RankedScores(
      double[] scores,
      long[] truePositives,
      long[] falsePositives,
      int cutoffs,
      @Nullable String undefinedReason) {
    this.scores = scores;
    this.truePositives = truePositives;
    this.falsePositives = falsePositives;
    this.cutoffs = cutoffs;
    this.undefinedReason = undefinedReason;
  }

  /** Ranks examples by their scores. */
  public static RankedScores of(LabelledScores examples) {
    if (examples.undefinedReason() != null) {
      return new RankedScores(
          new double[0], new long[0], new long[0], 0, examples.undefinedReason());
    }
    int[] weights = examples.weights();
    int[] ascending = examples.sortedExamples();
    int[] first = examples.rankStarts();
    int[] positives = examples.sortedLabels();
    double[] scores = new double[examples.distinctCount()];
    long[] truePositives = new long[scores.length];
    long[] falsePositives = new long[scores.length];
    long p = 0;
    long n = 0;
    int cutoffs = 0;
    // Resampling comes here more often than anywhere: no branch depends on what was drawn.
    for (int rank = scores.length - 1; rank >= 0; rank--) {
      long above = p + n;
      for (int i = first[rank]; i < first[rank + 1]; i++) {
        int drawn = weights[ascending[i]];
        int drawnPositives = drawn * positives[i];
        p += drawnPositives;
        n += drawn - drawnPositives;
      }
      scores[cutoffs] = examples.distinctScores(rank);
      truePositives[cutoffs] = p;
      falsePositives[cutoffs] = n;
      cutoffs += (int) ((above - (p + n)) >>> 63); // 1 if any was drawn, else written over
    }
    return new RankedScores(scores, truePositives, falsePositives, cutoffs, null);
  }

  /** How many distinct scores there are, each a cut that calls it and all above positive. */
  public int cutoffs() {
    return cutoffs;
  }

  /** The lowest score that a cut calls positive; falls from cut to cut. */
  public double score(int cutoff) {
    return scores[cutoff];
  }

  /** How many positive examples a cut calls positive. */
  public long truePositives(int cutoff) {
    return truePositives[cutoff];
  }

  /** How many negative examples a cut calls positive. */
  public long falsePositives(int cutoff) {
    return falsePositives[cutoff];
  }

  /** How many cuts call only scores of at least this much positive. */
  int cutoffsFrom(double score) {
    int from = 0;
    int to = cutoffs;
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (scores[middle] >= score) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return from;
  }

  /** How many positive examples there are. */
  public long positives() {
    return cutoffs() == 0 ? 0 : truePositives[cutoffs() - 1];
  }

  /** How many negative examples there are. */
  public long negatives() {
    return cutoffs() == 0 ? 0 : falsePositives[cutoffs() - 1];
  }

  /** How many examples there are. */
  public long size() {
    return positives() + negatives();
  }

  /** Why there is no positive example to speak of, or null. */
  @Nullable String noPositiveReason() {
    return undefinedReason != null
        ? undefinedReason
        : positives() == 0 ? "no positive example" : null;
  }

  /** Why there is no negative example to speak of, or null. */
  @Nullable String noNegativeReason() {
    return undefinedReason != null
        ? undefinedReason
        : negatives() == 0 ? "no negative example" : null;
  }

  /** Why the classes cannot be told apart at all, or null. */
  public @Nullable String singleClassReason() {
    return noPositiveReason() != null ? noPositiveReason() : noNegativeReason();
  }

  /**
   * The area under the ROC curve: the chance that a positive example outscores a negative one, a
   * tie counting half. Its interval is the normal one around it with {@link #deLongVariance}, cut
   * to [0, 1]; there is none with fewer than two examples of a class.
   */
  public Estimate auroc() {
    return aurocWithoutInterval() instanceof Estimate.Defined area
            && positives() > 1
            && negatives() > 1
        ? new Estimate.Defined(
            area.value(),
            size(),
            Interval.normalClampedToUnit(area.value(), deLongVariance(area.value())))
        : aurocWithoutInterval();
  }

  /** {@link #auroc} without its interval, which takes longer than the figure. */
  Estimate aurocWithoutInterval() {
    String reason = singleClassReason();
    if (reason != null) {
      return new Estimate.Undefined(reason);
    }
    long n = negatives();
    long twiceConcordant = 0; // in whole numbers, and so exact: at most 2 · (2^31 / 2)^2
    for (int k = 0; k < cutoffs; k++) {
      twiceConcordant += positivesTied(k) * (2 * (n - falsePositives[k]) + negativesTied(k));
    }
    return new Estimate.Defined(twiceConcordant / (2.0 * positives() * n), size());
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
    for (int k = 0; k < cutoffs; k++) {
      long positivesHere = positivesTied(k);
      long negativesHere = negativesTied(k);
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
  public Estimate averagePrecision() {
    String reason = noPositiveReason();
    if (reason != null) {
      return new Estimate.Undefined(reason);
    }
    double sum = 0;
    for (int k = 0; k < cutoffs; k++) {
      double precision = (double) truePositives[k] / (truePositives[k] + falsePositives[k]);
      sum += positivesTied(k) * precision;
    }
    return new Estimate.Defined(sum / positives(), size());
  }

  /** How many positive examples have a cut's very score. */
  public long positivesTied(int cutoff) {
    return cutoff == 0 ? truePositives[0] : truePositives[cutoff] - truePositives[cutoff - 1];
  }

  /** How many negative examples have a cut's very score. */
  public long negativesTied(int cutoff) {
    return cutoff == 0 ? falsePositives[0] : falsePositives[cutoff] - falsePositives[cutoff - 1];
  }
}
