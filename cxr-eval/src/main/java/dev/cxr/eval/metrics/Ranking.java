package dev.cxr.eval.metrics;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What the order of the scores alone decides: the distinct scores from the highest down, each with
 * the counts of examples that score at least as much. Ties live in one place here, so every figure
 * treats them alike. Made in O(n), for {@link LabelledScores} are ranked already; every figure is
 * O(n) too. There are no cuts where the examples have a {@link LabelledScores#defect}.
 */
public final class Ranking {

  private final double[] scores;
  private final long[] truePositives;
  private final long[] falsePositives;
  private final @Nullable String defect;

  private Ranking(
      double[] scores, long[] truePositives, long[] falsePositives, @Nullable String defect) {
    this.scores = scores;
    this.truePositives = truePositives;
    this.falsePositives = falsePositives;
    this.defect = defect;
  }

  /** Ranks examples by their scores. */
  public static Ranking of(LabelledScores examples) {
    if (examples.defect() != null) {
      return new Ranking(new double[0], new long[0], new long[0], examples.defect());
    }
    long[] positives = new long[examples.distinctCount()];
    long[] negatives = new long[examples.distinctCount()];
    for (int i = 0; i < examples.length(); i++) {
      (examples.isPositive(i) ? positives : negatives)[examples.rank(i)] += examples.times(i);
    }
    double[] scores = new double[positives.length];
    long p = 0;
    long n = 0;
    int cuts = 0;
    long[] truePositives = new long[positives.length];
    long[] falsePositives = new long[positives.length];
    for (int rank = positives.length - 1; rank >= 0; rank--) {
      if (positives[rank] + negatives[rank] > 0) {
        p += positives[rank];
        n += negatives[rank];
        scores[cuts] = examples.distinct(rank);
        truePositives[cuts] = p;
        falsePositives[cuts] = n;
        cuts++;
      }
    }
    return new Ranking(
        Arrays.copyOf(scores, cuts),
        Arrays.copyOf(truePositives, cuts),
        Arrays.copyOf(falsePositives, cuts),
        null);
  }

  /** How many distinct scores there are, each a cut that calls it and all above positive. */
  public int cuts() {
    return scores.length;
  }

  /** The lowest score that a cut calls positive; falls from cut to cut. */
  public double score(int cut) {
    return scores[cut];
  }

  /** How many positive examples a cut calls positive. */
  public long truePositives(int cut) {
    return truePositives[cut];
  }

  /** How many negative examples a cut calls positive. */
  public long falsePositives(int cut) {
    return falsePositives[cut];
  }

  /** How many positive examples there are. */
  public long positives() {
    return cuts() == 0 ? 0 : truePositives[cuts() - 1];
  }

  /** How many negative examples there are. */
  public long negatives() {
    return cuts() == 0 ? 0 : falsePositives[cuts() - 1];
  }

  /** How many examples there are. */
  public long size() {
    return positives() + negatives();
  }

  /** Why there is no positive example to speak of, or null. */
  @Nullable String noPositive() {
    return defect != null ? defect : positives() == 0 ? "no positive example" : null;
  }

  /** Why there is no negative example to speak of, or null. */
  @Nullable String noNegative() {
    return defect != null ? defect : negatives() == 0 ? "no negative example" : null;
  }

  /** Why the classes cannot be told apart at all, or null. */
  public @Nullable String oneClass() {
    return noPositive() != null ? noPositive() : noNegative();
  }

  /**
   * The area under the ROC curve: the chance that a positive example outscores a negative one, a
   * tie counting half. Its interval is the normal one around it with {@link #deLongVariance}, cut
   * to [0, 1]; there is none with fewer than two examples of a class.
   */
  public Estimate auroc() {
    String reason = oneClass();
    if (reason != null) {
      return new Estimate.Undefined(reason);
    }
    long twiceWon = 0; // in whole numbers, and so exact: at most 2 · (2^31 / 2)^2
    for (int k = 0; k < scores.length; k++) {
      twiceWon += positivesAt(k) * (2 * (negatives() - falsePositives[k]) + negativesAt(k));
    }
    double area = twiceWon / (2.0 * positives() * negatives());
    return positives() < 2 || negatives() < 2
        ? new Estimate.Defined(area, size())
        : new Estimate.Defined(area, size(), Interval.normalWithinUnit(area, deLongVariance(area)));
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
      long positivesHere = positivesAt(k);
      long negativesHere = negativesAt(k);
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
    String reason = noPositive();
    if (reason != null) {
      return new Estimate.Undefined(reason);
    }
    double sum = 0;
    for (int k = 0; k < scores.length; k++) {
      double precision = (double) truePositives[k] / (truePositives[k] + falsePositives[k]);
      sum += positivesAt(k) * precision;
    }
    return new Estimate.Defined(sum / positives(), size());
  }

  /** How many positive examples have a cut's very score. */
  public long positivesAt(int cut) {
    return cut == 0 ? truePositives[0] : truePositives[cut] - truePositives[cut - 1];
  }

  /** How many negative examples have a cut's very score. */
  public long negativesAt(int cut) {
    return cut == 0 ? falsePositives[0] : falsePositives[cut] - falsePositives[cut - 1];
  }
}
