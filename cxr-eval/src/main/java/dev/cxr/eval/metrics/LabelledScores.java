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
  private final int[] times;
  private final long size;
  private final double[] distinct;
  private final int[] ascending; // examples, from the lowest rank up
  private final int[] first; // where each rank begins among them, and at last where they end
  private final int[] positives; // 1 or 0 for each of them
  private final double[] squares;
  private final double[] logLosses;
  private final @Nullable String defect;

  /**
   * Ranks the scores, in O(n log n).
   *
   * @param scores one per example, higher meaning more likely positive; probabilities in [0, 1] for
   *     the figures that need such. Infinite ones and NaN are a {@link #defect}
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
    times = new int[scores.length];
    Arrays.fill(times, 1);
    size = scores.length;
    defect = defectOf(scores);
    distinct = defect == null ? distinct(scores) : new double[0];
    int[] rank = new int[distinct.length == 0 ? 0 : scores.length];
    for (int i = 0; i < rank.length; i++) {
      rank[i] = Arrays.binarySearch(distinct, scores[i] + 0.0);
    }
    first = first(rank, distinct.length);
    ascending = ascending(rank, first);
    positives = new int[ascending.length];
    for (int i = 0; i < positives.length; i++) {
      positives[i] = positive[ascending[i]] ? 1 : 0;
    }
    // Once, for resampling asks for their sums thousands of times and a logarithm is slow.
    squares = new double[defectAsProbabilities() == null ? scores.length : 0];
    logLosses = new double[squares.length];
    for (int i = 0; i < squares.length; i++) {
      double truth = positive[i] ? scores[i] : 1 - scores[i];
      squares[i] = (1 - truth) * (1 - truth);
      logLosses[i] = ProperScores.logLoss(truth);
    }
  }

  private LabelledScores(LabelledScores original, int[] times) {
    scores = original.scores;
    positive = original.positive;
    distinct = original.distinct;
    ascending = original.ascending;
    first = original.first;
    positives = original.positives;
    squares = original.squares;
    logLosses = original.logLosses;
    this.times = times;
    size = sum(times);
    defect = size == 0 ? "no example" : original.defect;
  }

  private static long sum(int[] times) {
    long sum = 0;
    for (int one : times) {
      sum += one;
    }
    return sum;
  }

  private LabelledScores(LabelledScores original, String reason) {
    scores = original.scores;
    positive = original.positive;
    times = original.times;
    size = original.size;
    distinct = new double[0];
    ascending = new int[0];
    first = ascending;
    positives = ascending;
    squares = new double[0];
    logLosses = squares;
    defect = reason;
  }

  private static @Nullable String defectOf(double[] scores) {
    for (int i = 0; i < scores.length; i++) {
      if (!Double.isFinite(scores[i])) {
        return "score %s at index %d is no finite number".formatted(scores[i], i);
      }
    }
    return scores.length == 0 ? "no example" : null;
  }

  /** Ascending; adding 0.0 makes -0.0 the 0.0 that it equals. */
  private static double[] distinct(double[] scores) {
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

  private static int[] first(int[] rank, int ranks) {
    int[] first = new int[ranks + 1];
    for (int one : rank) {
      first[one + 1]++;
    }
    for (int r = 0; r < ranks; r++) {
      first[r + 1] += first[r];
    }
    return first;
  }

  private static int[] ascending(int[] rank, int[] first) {
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
   * @param times how often each example counts, at least 0; not to be changed afterwards
   */
  public LabelledScores repeated(int[] times) {
    if (times.length != scores.length) {
      throw new IllegalArgumentException(
          "expected one count per example, found %d for %d examples; pass them in the same order"
              .formatted(times.length, scores.length));
    }
    return new LabelledScores(this, times);
  }

  /**
   * The same examples, of which no figure can be computed, for a reason that the scores do not
   * tell.
   */
  public LabelledScores barred(String reason) {
    return new LabelledScores(this, reason);
  }

  /** The same examples with other scores. */
  public LabelledScores changed(DoubleUnaryOperator change) {
    return new LabelledScores(Arrays.stream(scores).map(change).toArray(), positive)
        .repeated(times);
  }

  /** Why no figure can be computed, or null: no example, or a score that is no finite number. */
  public @Nullable String defect() {
    return defect;
  }

  /** {@link #defect}, or else why the scores cannot be judged as probabilities, or null. */
  public @Nullable String defectAsProbabilities() {
    if (defect != null || (distinct[0] >= 0 && distinct[distinct.length - 1] <= 1)) {
      return defect;
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

  /** How often an example counts; 1 unless {@link #repeated}. */
  public int times(int example) {
    return times[example];
  }

  /** The score of an example. */
  public double score(int example) {
    return scores[example];
  }

  /** Each example's part in {@link ProperScores#brier}, where scores are probabilities. */
  double[] squares() {
    return squares;
  }

  /** Each example's part in {@link ProperScores#logLoss}, where scores are probabilities. */
  double[] logLosses() {
    return logLosses;
  }

  /** How often each example counts. */
  int[] times() {
    return times;
  }

  /** The label of an example. */
  public boolean isPositive(int example) {
    return positive[example];
  }

  /** How many distinct scores there are; 0 if there is a {@link #defect}. */
  int distinctCount() {
    return distinct.length;
  }

  /** The distinct score of a rank, which runs from the lowest score's 0 up. */
  double distinct(int rank) {
    return distinct[rank];
  }

  /** The examples in the order of their scores, from the lowest up. */
  int[] ascending() {
    return ascending;
  }

  /** Where the examples of each rank begin in {@link #ascending}, and at last where all end. */
  int[] first() {
    return first;
  }

  /** 1 for each positive example of {@link #ascending}, else 0. */
  int[] positives() {
    return positives;
  }
}
