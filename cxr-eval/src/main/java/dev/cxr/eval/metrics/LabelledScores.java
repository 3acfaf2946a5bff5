package dev.cxr.eval.metrics;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntPredicate;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Two-class scores with their labels, checked and ranked once for all metrics.
 *
 * <p>The arrays are not copied and must not change.
 */
public final class LabelledScores extends LabelledExamples {

  private final double[] scores;
  private final boolean[] positive;
  final int[] sortedExamples; // indices of examples, by ascending score
  final int[] rankStarts; // where each distinct score begins in them, then their number
  final double[] distinctScores;
  final int[] sortedLabels; // 1 for positive, 0 for negative
  private final double[] brierTerms;
  private final double[] logLossTerms;
  private final @Nullable String undefinedReason;

  /**
   * Ranks the scores, in O(n log n).
   *
   * @param scores one per example, higher meaning more likely positive; some metrics need
   *     probabilities in [0, 1]. Infinite scores and NaN make all metrics undefined
   * @param positive whether each example is positive, in the same order
   * @throws IllegalArgumentException if the lengths differ
   */
  public LabelledScores(double[] scores, boolean[] positive) {
    super(once(scores.length), null);
    if (scores.length != positive.length) {
      throw new IllegalArgumentException(
          "expected one label per score, found %d scores and %d labels; pass both for the same examples in the same order"
              .formatted(scores.length, positive.length));
    }
    this.scores = scores;
    this.positive = positive;
    undefinedReason = invalidScoreReason(scores);
    int length = undefinedReason == null ? scores.length : 0;
    sortedExamples = // adding 0.0 turns -0.0 into 0.0
        IntStream.range(0, length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> scores[i] + 0.0))
            .mapToInt(i -> i)
            .toArray();
    rankStarts =
        IntStream.rangeClosed(0, length)
            .filter(
                i ->
                    i == 0
                        || i == length
                        || scores[sortedExamples[i]] != scores[sortedExamples[i - 1]])
            .toArray();
    distinctScores =
        Arrays.stream(rankStarts)
            .limit(rankStarts.length - 1)
            .mapToDouble(i -> scores[sortedExamples[i]] + 0.0)
            .toArray();
    sortedLabels = Arrays.stream(sortedExamples).map(i -> positive[i] ? 1 : 0).toArray();
    // Computed once: resampling sums them thousands of times, and a logarithm is slow.
    brierTerms = new double[undefinedReasonAsProbabilities() == null ? scores.length : 0];
    logLossTerms = new double[brierTerms.length];
    for (int i = 0; i < brierTerms.length; i++) {
      double trueClassProbability = positive[i] ? scores[i] : 1 - scores[i];
      brierTerms[i] = (1 - trueClassProbability) * (1 - trueClassProbability);
      logLossTerms[i] = Logit.logLoss(trueClassProbability);
    }
  }

  /**
   * {@return examples with computed scores}
   *
   * @param length the number of examples
   * @param score of an example, by its index
   * @param positive whether an example is positive, by its index
   */
  public static LabelledScores of(int length, IntToDoubleFunction score, IntPredicate positive) {
    boolean[] labels = new boolean[length];
    for (int i = 0; i < length; i++) {
      labels[i] = positive.test(i);
    }
    return new LabelledScores(IntStream.range(0, length).mapToDouble(score).toArray(), labels);
  }

  private LabelledScores(
      LabelledScores original, int[] weights, @Nullable String crossClassReason) {
    super(weights, crossClassReason);
    scores = original.scores;
    positive = original.positive;
    sortedExamples = original.sortedExamples;
    rankStarts = original.rankStarts;
    distinctScores = original.distinctScores;
    sortedLabels = original.sortedLabels;
    brierTerms = original.brierTerms;
    logLossTerms = original.logLossTerms;
    undefinedReason = size() == 0 ? "no example" : original.undefinedReason;
  }

  private static @Nullable String invalidScoreReason(double[] scores) {
    return IntStream.range(0, scores.length)
        .filter(i -> !Double.isFinite(scores[i]))
        .mapToObj(i -> "score %s at index %d is not a finite number".formatted(scores[i], i))
        .findFirst()
        .orElse(scores.length == 0 ? "no example" : null);
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
    return new LabelledScores(this, weights, ownCrossClassReason);
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
        .withoutCrossClass(ownCrossClassReason);
  }

  /** {@return why no metric can be computed, or null: no example, or a score that is not finite} */
  @Override
  public @Nullable String undefinedReason() {
    return undefinedReason;
  }

  /** {@return {@link #crossClassReason}, or why the scores are not probabilities, or null} */
  @Override
  public @Nullable String undefinedReasonAsProbabilities() {
    if (crossClassReason() != null
        || (distinctScores[0] >= 0 && distinctScores[distinctScores.length - 1] <= 1)) {
      return crossClassReason();
    }
    int i = 0;
    while (scores[i] >= 0 && scores[i] <= 1) {
      i++;
    }
    return "score %s at index %d is outside [0, 1] and not a probability".formatted(scores[i], i);
  }

  /**
   * {@return the score of an example}
   *
   * @param example the index of an example
   */
  public double score(int example) {
    return scores[example];
  }

  /**
   * {@return whether an example is positive}
   *
   * @param example the index of an example
   */
  public boolean isPositive(int example) {
    return positive[example];
  }

  @Override
  double[] brierTerms() {
    return brierTerms;
  }

  @Override
  double[] logLossTerms() {
    return logLossTerms;
  }
}
