package dev.cxr.eval.metrics;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Two-class scores beside their labels, looked at once for everything that is computed from them:
 * whether they can be judged at all, and how they rank.
 *
 * <p>A plain class, for it compares nothing; the arrays are the caller's and are only read.
 */
public final class LabelledScores {

  private final double[] scores;
  private final boolean[] positive;
  private final int[] weights;
  private final long size;
  private final double[] distinctScores;
  private final int[] sortedExamples; // examples, from the lowest rank up
  private final int[] rankStarts; // where each rank begins among them, and at last where they end
  private final int[] sortedLabels; // 1 or 0 for each of them
  private final double[] brierTerms;
  private final double[] logLossTerms;
  private final @Nullable String undefinedReason;

  /**
   * Ranks the scores, in O(n log n).
   *
   * @param scores one per example, higher meaning more likely positive; probabilities in [0, 1] for
   *     the figures that need such. Infinite ones and NaN are a {@link #undefinedReason}
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
    distinctScores = undefinedReason == null ? distinctScores(scores) : new double[0];
    int[] rank = new int[distinctScores.length == 0 ? 0 : scores.length];
    for (int i = 0; i < rank.length; i++) {
      rank[i] = Arrays.binarySearch(distinctScores, scores[i] + 0.0);
    }
    rankStarts = rankStarts(rank, distinctScores.length);
    sortedExamples = sortedExamples(rank, rankStarts);
    sortedLabels = new int[sortedExamples.length];
    for (int i = 0; i < sortedLabels.length; i++) {
      sortedLabels[i] = positive[sortedExamples[i]] ? 1 : 0;
    }
    // Once, for resampling asks for their sums thousands of times and a logarithm is slow.
    brierTerms = new double[undefinedReasonAsProbabilities() == null ? scores.length : 0];
    logLossTerms = new double[brierTerms.length];
    for (int i = 0; i < brierTerms.length; i++) {
      double trueClassProbability = positive[i] ? scores[i] : 1 - scores[i];
      brierTerms[i] = (1 - trueClassProbability) * (1 - trueClassProbability);
      logLossTerms[i] = ProperScoringRules.logLoss(trueClassProbability);
    }
  }

  private LabelledScores(LabelledScores original, int[] weights) {
    scores = original.scores;
    positive = original.positive;
    distinctScores = original.distinctScores;
    sortedExamples = original.sortedExamples;
    rankStarts = original.rankStarts;
    sortedLabels = original.sortedLabels;
    brierTerms = original.brierTerms;
    logLossTerms = original.logLossTerms;
    this.weights = weights;
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

  private LabelledScores(LabelledScores original, String reason) {
    scores = original.scores;
    positive = original.positive;
    weights = original.weights;
    size = original.size;
    distinctScores = new double[0];
    sortedExamples = new int[0];
    rankStarts = sortedExamples;
    sortedLabels = sortedExamples;
    brierTerms = new double[0];
    logLossTerms = brierTerms;
    undefinedReason = reason;
  }

  private static @Nullable String invalidScoreReason(double[] scores) {
    for (int i = 0; i < scores.length; i++) {
      if (!Double.isFinite(scores[i])) {
        return "score %s at index %d is no finite number".formatted(scores[i], i);
      }
    }
    return scores.length == 0 ? "no example" : null;
  }

  /** Ascending; adding 0.0 makes -0.0 the 0.0 that it equals. */
  private static double[] distinctScores(double[] scores) {
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
   * The same examples, each taken as often as told. Nothing is copied or sorted again, which is
   * what makes resampling cheap.
   *
   * @param weights how often each example counts, at least 0; not to be changed afterwards
   */
  public LabelledScores resample(int[] weights) {
    if (weights.length != scores.length) {
      throw new IllegalArgumentException(
          "expected one count per example, found %d for %d examples; pass them in the same order"
              .formatted(weights.length, scores.length));
    }
    return new LabelledScores(this, weights);
  }

  /**
   * The same examples, of which no figure can be computed, for a reason that the scores do not
   * tell.
   */
  public LabelledScores undefined(String reason) {
    return new LabelledScores(this, reason);
  }

  /** The same examples with other scores. */
  public LabelledScores mapScores(DoubleUnaryOperator mapping) {
    return new LabelledScores(Arrays.stream(scores).map(mapping).toArray(), positive)
        .resample(weights);
  }

  /** Why no figure can be computed, or null: no example, or a score that is no finite number. */
  public @Nullable String undefinedReason() {
    return undefinedReason;
  }

  /**
   * {@link #undefinedReason}, or else why the scores cannot be judged as probabilities, or null.
   */
  public @Nullable String undefinedReasonAsProbabilities() {
    if (undefinedReason != null
        || (distinctScores[0] >= 0 && distinctScores[distinctScores.length - 1] <= 1)) {
      return undefinedReason;
    }
    int i = 0;
    while (scores[i] >= 0 && scores[i] <= 1) {
      i++;
    }
    return "score %s at index %d is outside [0, 1] and no probability".formatted(scores[i], i);
  }

  /** How many examples there are, each counted as often as it is taken. */
  public long size() {
    return size;
  }

  /** How many examples there are to go through, each counted once. */
  public int length() {
    return scores.length;
  }

  /** How often an example counts; 1 unless {@link #resample}. */
  public int weights(int example) {
    return weights[example];
  }

  /** The score of an example. */
  public double score(int example) {
    return scores[example];
  }

  /** Each example's part in {@link ProperScoringRules#brier}, where scores are probabilities. */
  double[] brierTerms() {
    return brierTerms;
  }

  /** Each example's part in {@link ProperScoringRules#logLoss}, where scores are probabilities. */
  double[] logLossTerms() {
    return logLossTerms;
  }

  /** How often each example counts. */
  int[] weights() {
    return weights;
  }

  /** The label of an example. */
  public boolean isPositive(int example) {
    return positive[example];
  }

  /** How many distinct scores there are; 0 if there is a {@link #undefinedReason}. */
  int distinctCount() {
    return distinctScores.length;
  }

  /** The distinct score of a rank, which runs from the lowest score's 0 up. */
  double distinctScores(int rank) {
    return distinctScores[rank];
  }

  /** The examples in the order of their scores, from the lowest up. */
  int[] sortedExamples() {
    return sortedExamples;
  }

  /**
   * Where the examples of each rank begin in {@link #sortedExamples}, and at last where all end.
   */
  int[] rankStarts() {
    return rankStarts;
  }

  /** 1 for each positive example of {@link #sortedExamples}, else 0. */
  int[] sortedLabels() {
    return sortedLabels;
  }
}
