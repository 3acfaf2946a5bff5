package dev.cxr.eval.metrics;

import org.jspecify.annotations.Nullable;

/**
 * The distinct scores in descending order, each a cutoff with the counts of examples that score at
 * least as much. All ranking metrics are computed from it, so they treat ties alike, in O(n). There
 * are no cutoffs if the examples have an {@link LabelledScores#undefinedReason}.
 */
public final class RankingMetrics {

  private final double[] scores;
  private final long[] truePositives;
  private final long[] falsePositives;
  private final int cutoffs; // the arrays may be longer
  private final @Nullable String undefinedReason;

  private RankingMetrics(
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

  /**
   * {@return the ranking of examples by their scores}
   *
   * @param examples the examples to evaluate
   */
  public static RankingMetrics of(LabelledScores examples) {
    int ranks = examples.undefinedReason() == null ? examples.distinctScores.length : 0;
    double[] scores = new double[ranks];
    long[] truePositives = new long[ranks];
    long[] falsePositives = new long[ranks];
    long p = 0;
    long n = 0;
    int cutoffs = 0;
    // The inner loop of resampling: no branch depends on the weights.
    for (int rank = ranks - 1; rank >= 0; rank--) {
      long above = p + n;
      for (int i = examples.rankStarts[rank]; i < examples.rankStarts[rank + 1]; i++) {
        int drawn = examples.weights[examples.sortedExamples[i]];
        int drawnPositives = drawn * examples.sortedLabels[i];
        p += drawnPositives;
        n += drawn - drawnPositives;
      }
      scores[cutoffs] = examples.distinctScores[rank];
      truePositives[cutoffs] = p;
      falsePositives[cutoffs] = n;
      cutoffs += (int) ((above - (p + n)) >>> 63); // 1 if any weight is above 0, else overwritten
    }
    return new RankingMetrics(
        scores, truePositives, falsePositives, cutoffs, examples.crossClassReason());
  }

  /** {@return the number of cutoffs, one for each distinct score} */
  public int cutoffs() {
    return cutoffs;
  }

  /**
   * {@return the lowest score that a cutoff predicts positive; it decreases with the cutoff}
   *
   * @param cutoff from 0 to {@link #cutoffs} - 1
   */
  public double score(int cutoff) {
    return scores[cutoff];
  }

  /**
   * {@return the number of positive examples that a cutoff predicts positive}
   *
   * @param cutoff from 0 to {@link #cutoffs} - 1
   */
  public long truePositives(int cutoff) {
    return truePositives[cutoff];
  }

  /**
   * {@return the number of negative examples that a cutoff predicts positive}
   *
   * @param cutoff from 0 to {@link #cutoffs} - 1
   */
  public long falsePositives(int cutoff) {
    return falsePositives[cutoff];
  }

  /**
   * {@return the number of cutoffs whose score is at least this}
   *
   * @param score a score
   */
  public int cutoffsFrom(double score) {
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

  /**
   * {@return a threshold between the lowest score that a cutoff predicts positive and the next}
   *
   * @param cutoff from 0 to {@link #cutoffs} - 1, or -1 to predict none
   */
  double thresholdBelow(int cutoff) {
    if (cutoff < 0) {
      return scores[0] < 1 ? midpoint(scores[0], 1) : Math.nextUp(scores[0]);
    }
    if (cutoff == cutoffs - 1) {
      return scores[cutoff] > 0 ? midpoint(0, scores[cutoff]) : scores[cutoff];
    }
    return midpoint(scores[cutoff + 1], scores[cutoff]);
  }

  /** {@return the middle of two scores, or the upper one where no number lies between them} */
  private static double midpoint(double lower, double upper) {
    double middle = lower / 2 + upper / 2; // the sum of two scores may overflow
    return lower < middle && middle < upper ? middle : upper;
  }

  /** {@return the number of positive examples} */
  public long positives() {
    return cutoffs() == 0 ? 0 : truePositives[cutoffs() - 1];
  }

  /** {@return the number of negative examples} */
  public long negatives() {
    return cutoffs() == 0 ? 0 : falsePositives[cutoffs() - 1];
  }

  /** {@return the number of examples} */
  public long size() {
    return positives() + negatives();
  }

  /** {@return why there is no positive example, or null} */
  @Nullable String noPositiveReason() {
    return undefinedReason != null
        ? undefinedReason
        : positives() == 0 ? "no positive example" : null;
  }

  /** {@return why there is no negative example, or null} */
  @Nullable String noNegativeReason() {
    return undefinedReason != null
        ? undefinedReason
        : negatives() == 0 ? "no negative example" : null;
  }

  /** {@return why a class is absent, or null} */
  public @Nullable String singleClassReason() {
    return noPositiveReason() != null ? noPositiveReason() : noNegativeReason();
  }

  /**
   * {@return the area under the ROC curve: the probability that a positive example scores higher
   * than a negative one, a tie counting half} Its interval is normal with the {@link
   * #deLongVariance}, clamped to [0, 1]; there is none with fewer than two examples of a class.
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

  /** {@return {@link #auroc} without its interval, which takes longer to compute} */
  Estimate aurocWithoutInterval() {
    String reason = singleClassReason();
    if (reason != null) {
      return new Estimate.Undefined(reason);
    }
    long n = negatives();
    long twiceConcordant = 0; // exact: at most 2 · (2^31 / 2)^2
    for (int k = 0; k < cutoffs; k++) {
      twiceConcordant += positivesTied(k) * (2 * (n - falsePositives[k]) + negativesTied(k));
    }
    return new Estimate.Defined(twiceConcordant / (2.0 * positives() * n), size());
  }

  /**
   * {@return the variance of the area, S10 / m + S01 / n over m positive and n negative examples}
   * (E. R. DeLong, D. M. DeLong, D. L. Clarke-Pearson, "Comparing the areas under two or more
   * correlated receiver operating characteristic curves", Biometrics 44, 1988). The structural
   * components come from counts over the sorted scores, which is the mid-rank method of X. Sun and
   * W. Xu, "Fast implementation of DeLong's algorithm", IEEE Signal Processing Letters 21, 2014:
   * the mid-rank among all minus the mid-rank within the class is the count of the other class
   * below, ties counting half.
   *
   * <p>It requires two examples of each class. It is 0 if the scores separate the classes
   * perfectly: the method then underestimates the variance.
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
   * {@return the average precision: the precision at each distinct score, weighted by the increase
   * of recall} It is not interpolated (M. Zhu, "Recall, precision and average precision", 2004).
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

  /**
   * {@return the number of positive examples with exactly a cutoff's score}
   *
   * @param cutoff from 0 to {@link #cutoffs} - 1
   */
  public long positivesTied(int cutoff) {
    return cutoff == 0 ? truePositives[0] : truePositives[cutoff] - truePositives[cutoff - 1];
  }

  /**
   * {@return the number of negative examples with exactly a cutoff's score}
   *
   * @param cutoff from 0 to {@link #cutoffs} - 1
   */
  public long negativesTied(int cutoff) {
    return cutoff == 0 ? falsePositives[0] : falsePositives[cutoff] - falsePositives[cutoff - 1];
  }
}
