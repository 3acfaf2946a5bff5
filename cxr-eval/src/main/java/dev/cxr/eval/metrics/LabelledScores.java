package dev.cxr.eval.metrics;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Two-class scores with their labels, checked and ranked once for all metrics.
 *
 * <p>The arrays are not copied and must not change.
 */
public final class LabelledScores {

  private final double[] scores;
  private final boolean[] positive;
  private final int[] weights;
  private final long size;
  private final double[] distinctScore;
  private final int[] sortedExamples; // indices of examples, by ascending score
  private final int[] rankStarts; // where each rank begins in them, then their number
  private final int[] sortedLabels; // 1 for positive, 0 for negative
  private final double[] brierTerms;
  private final double[] logLossTerms;
  private final @Nullable String undefinedReason;
  private final @Nullable String crossClassReason;

  /**
   * Ranks the scores, in O(n log n).
   *
   * @param scores one per example, higher meaning more likely positive; some metrics need
   *     probabilities in [0, 1]. Infinite scores and NaN make all metrics undefined
   * @param positive whether each example is positive, in the same order
   * @throws IllegalArgumentException if the lengths differ
   */
  public LabelledScores(double[] scores, boolean[] positive) {
    if (scores.length != positive.length) {
      throw new IllegalArgumentException(
          "expected one label per score, found %d scores and %d labels; pass both for the same examples in the same order"
              .formatted(scores.length, positive.length));
    }
    this.scores = scores;
    this.positive = positive;
    weights = new int[scores.length];
    Arrays.fill(weights, 1);
    size = scores.length;
    undefinedReason = invalidScoreReason(scores);
    crossClassReason = null;
    distinctScore = undefinedReason == null ? distinctScore(scores) : new double[0];
    int[] rank = new int[distinctScore.length == 0 ? 0 : scores.length];
    for (int i = 0; i < rank.length; i++) {
      rank[i] = Arrays.binarySearch(distinctScore, scores[i] + 0.0);
    }
    rankStarts = rankStarts(rank, distinctScore.length);
    sortedExamples = sortedExamples(rank, rankStarts);
    sortedLabels = new int[sortedExamples.length];
    for (int i = 0; i < sortedLabels.length; i++) {
      sortedLabels[i] = positive[sortedExamples[i]] ? 1 : 0;
    }
    // Computed once: resampling sums them thousands of times, and a logarithm is slow.
    brierTerms = new double[undefinedReasonAsProbabilities() == null ? scores.length : 0];
    logLossTerms = new double[brierTerms.length];
    for (int i = 0; i < brierTerms.length; i++) {
      double trueClassProbability = positive[i] ? scores[i] : 1 - scores[i];
      brierTerms[i] = (1 - trueClassProbability) * (1 - trueClassProbability);
      logLossTerms[i] = Logit.logLoss(trueClassProbability);
    }
  }

  private LabelledScores(
      LabelledScores original, int[] weights, @Nullable String crossClassReason) {
    scores = original.scores;
    positive = original.positive;
    distinctScore = original.distinctScore;
    sortedExamples = original.sortedExamples;
    rankStarts = original.rankStarts;
    sortedLabels = original.sortedLabels;
    brierTerms = original.brierTerms;
    logLossTerms = original.logLossTerms;
    this.weights = weights;
    this.crossClassReason = crossClassReason;
    size = sum(weights);
    undefinedReason = size == 0 ? "no example" : original.undefinedReason;
  }

  private static long sum(int[] weights) {
    long sum = 0;
    for (int one : weights) {
      sum += one;
    }
    return sum;
  }

  private static @Nullable String invalidScoreReason(double[] scores) {
    for (int i = 0; i < scores.length; i++) {
      if (!Double.isFinite(scores[i])) {
        return "score %s at index %d is not a finite number".formatted(scores[i], i);
      }
    }
    return scores.length == 0 ? "no example" : null;
  }

  /** Ascending; adding 0.0 turns -0.0 into 0.0. */
  private static double[] distinctScore(double[] scores) {
    double[] sorted = new double[scores.length];
    Arrays.setAll(sorted, i -> scores[i] + 0.0);
    Arrays.sort(sorted);
    int count = 0;
    for (double score : sorted) {
      if (count == 0 || score != sorted[count - 1]) {
        sorted[count++] = score;
      }
    }
    return Arrays.copyOf(sorted, count);
  }

  private static int[] rankStarts(int[] rank, int ranks) {
    int[] first = new int[ranks + 1];
    for (int one : rank) {
      first[one + 1]++;
    }
    for (int r = 0; r < ranks; r++) {
      first[r + 1] += first[r];
    }
    return first;
  }

  private static int[] sortedExamples(int[] rank, int[] first) {
    int[] next = first.clone();
    int[] ascending = new int[rank.length];
    for (int i = 0; i < rank.length; i++) {
      ascending[next[rank[i]]++] = i;
    }
    return ascending;
  }

  /**
   * {@return the same examples with other weights} Nothing is copied or sorted again, so that
   * resampling is cheap.
   *
   * @param weights how often each example counts, at least 0; not to be changed afterwards
   */
  public LabelledScores withWeights(int[] weights) {
    if (weights.length != scores.length) {
      throw new IllegalArgumentException(
          "expected one count per example, found %d for %d examples; pass them in the same order"
              .formatted(weights.length, scores.length));
    }
    return new LabelledScores(this, weights, crossClassReason);
  }

  /**
   * {@return the same examples, for which every metric that compares positives with negatives is
   * undefined} Counts, recall and specificity remain.
   *
   * @param reason why, or null if such metrics are defined
   */
  public LabelledScores withoutCrossClass(@Nullable String reason) {
    return new LabelledScores(this, weights, reason);
  }

  /**
   * {@return the same examples with other scores}
   *
   * @param mapping from the old to the new value
   */
  public LabelledScores mapScores(DoubleUnaryOperator mapping) {
    return new LabelledScores(Arrays.stream(scores).map(mapping).toArray(), positive)
        .withWeights(weights)
        .withoutCrossClass(crossClassReason);
  }

  /** {@return why no metric can be computed, or null: no example, or a score that is not finite} */
  public @Nullable String undefinedReason() {
    return undefinedReason;
  }

  /** {@return why no metric that compares positives with negatives can be computed, or null} */
  public @Nullable String crossClassReason() {
    return undefinedReason != null ? undefinedReason : crossClassReason;
  }

  /** {@return {@link #crossClassReason}, or why the scores are not probabilities, or null} */
  public @Nullable String undefinedReasonAsProbabilities() {
    if (crossClassReason() != null
        || (distinctScore[0] >= 0 && distinctScore[distinctScore.length - 1] <= 1)) {
      return crossClassReason();
    }
    int i = 0;
    while (scores[i] >= 0 && scores[i] <= 1) {
      i++;
    }
    return "score %s at index %d is outside [0, 1] and not a probability".formatted(scores[i], i);
  }

  /** {@return the sum of the weights} */
  public long size() {
    return size;
  }

  /** {@return the number of examples, whatever their weights} */
  public int length() {
    return scores.length;
  }

  /**
   * {@return the weight of an example, 1 without {@link #withWeights}}
   *
   * @param example the index of an example
   */
  public int weights(int example) {
    return weights[example];
  }

  /**
   * {@return the score of an example}
   *
   * @param example the index of an example
   */
  public double score(int example) {
    return scores[example];
  }

  /** {@return each example's term of {@link ProperScoringRules#brier}; empty if undefined} */
  double[] brierTerms() {
    return brierTerms;
  }

  /** {@return each example's term of {@link ProperScoringRules#logLoss}; empty if undefined} */
  double[] logLossTerms() {
    return logLossTerms;
  }

  /** {@return the weight of each example} */
  int[] weights() {
    return weights;
  }

  /**
   * {@return whether an example is positive}
   *
   * @param example the index of an example
   */
  public boolean isPositive(int example) {
    return positive[example];
  }

  /** {@return the number of distinct scores; 0 with an {@link #undefinedReason}} */
  int distinctCount() {
    return distinctScore.length;
  }

  /** {@return the score of a rank; rank 0 is the lowest} */
  double distinctScore(int rank) {
    return distinctScore[rank];
  }

  /** {@return the indices of the examples by ascending score} */
  int[] sortedExamples() {
    return sortedExamples;
  }

  /** {@return where each rank begins in {@link #sortedExamples}, then their number} */
  int[] rankStarts() {
    return rankStarts;
  }

  /** {@return 1 for each positive example of {@link #sortedExamples}, else 0} */
  int[] sortedLabels() {
    return sortedLabels;
  }
}
