package dev.cxr.eval.metrics;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.IntPredicate;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The probabilities of two or more classes with the true class of each example, ranked once for all
 * metrics. The predicted class is the most probable one, the first of them if several tie, unless
 * {@link #predictAtThreshold} or {@link #predictAsCascade} decides.
 *
 * <p>The arrays are not copied and must not change.
 */
public final class LabelledProbabilities extends LabelledExamples {

  private final List<String> classes;
  private final double[][] probabilities;
  private final int[] actual;
  private final int[] predicted;
  private final List<LabelledScores> oneVersusRest;
  private final double[] brierTerms;
  private final double[] logLossTerms;

  /**
   * Ranks the probabilities, in O(n log n) for each class.
   *
   * @param classes the class names in order, at least two
   * @param probabilities one row per example, one column per class, in [0, 1]
   * @param actual the index of each example's class
   * @throws IllegalArgumentException if the sizes do not match or an index is out of range
   */
  public LabelledProbabilities(List<String> classes, double[][] probabilities, int[] actual) {
    super(once(actual.length), null);
    if (classes.size() < 2
        || Arrays.stream(actual).anyMatch(index -> index < 0 || index >= classes.size())) {
      throw new IllegalArgumentException(
          "expected at least two classes and indices of them, found %d classes and indices from %d to %d; count from 0"
              .formatted(
                  classes.size(),
                  Arrays.stream(actual).min().orElse(0),
                  Arrays.stream(actual).max().orElse(0)));
    }
    if (probabilities.length != actual.length
        || Arrays.stream(probabilities).anyMatch(row -> row.length != classes.size())) {
      throw new IllegalArgumentException(
          "expected a row of %d probabilities for each of %d labels, found %d rows, or rows of another length; pass both for the same examples in the same order"
              .formatted(classes.size(), actual.length, probabilities.length));
    }
    this.classes = List.copyOf(classes);
    this.probabilities = probabilities;
    this.actual = actual;
    predicted = Arrays.stream(probabilities).mapToInt(LabelledProbabilities::argMax).toArray();
    oneVersusRest =
        IntStream.range(0, classes.size())
            .mapToObj(c -> scores(row -> row[c], i -> actual[i] == c))
            .toList();
    brierTerms = new double[undefinedReason() == null ? actual.length : 0];
    logLossTerms = new double[brierTerms.length];
    for (int i = 0; i < brierTerms.length; i++) {
      brierTerms[i] = brierTerm(probabilities[i], actual[i]);
      logLossTerms[i] = Logit.logLoss(probabilities[i][actual[i]]);
    }
  }

  private LabelledProbabilities(
      LabelledProbabilities original,
      int[] predicted,
      int[] weights,
      @Nullable String crossClassReason) {
    super(weights, crossClassReason);
    classes = original.classes;
    probabilities = original.probabilities;
    actual = original.actual;
    this.predicted = predicted;
    oneVersusRest =
        original.oneVersusRest.stream().map(scores -> scores.withWeights(weights)).toList();
    brierTerms = original.brierTerms;
    logLossTerms = original.logLossTerms;
  }

  /**
   * {@return the index of the most probable class, the first of them if several tie}
   *
   * @param row the probability of each class
   */
  public static int argMax(double[] row) {
    return argMax(row, 0);
  }

  private static int argMax(double[] row, int first) {
    int best = first;
    for (int c = first + 1; c < row.length; c++) {
      best = row[c] > row[best] ? c : best;
    }
    return best;
  }

  private static double brierTerm(double[] row, int actual) {
    double sum = 0;
    for (int c = 0; c < row.length; c++) {
      double distance = row[c] - (c == actual ? 1 : 0);
      sum += distance * distance;
    }
    return sum;
  }

  private LabelledScores scores(ToDoubleFunction<double[]> score, IntPredicate positive) {
    return LabelledScores.of(length(), i -> score.applyAsDouble(probabilities[i]), positive)
        .withWeights(weights);
  }

  /**
   * {@return the same examples with other weights: {@link LabelledScores#withWeights}}
   *
   * @param weights how often each example counts, at least 0
   */
  public LabelledProbabilities withWeights(int[] weights) {
    return new LabelledProbabilities(this, predicted, weights, ownCrossClassReason);
  }

  /**
   * {@return the same two-class examples; the second class is predicted if its probability reaches
   * a threshold}
   *
   * @param threshold the lowest score that is predicted positive
   */
  public LabelledProbabilities predictAtThreshold(double threshold) {
    int[] decided =
        Arrays.stream(probabilities).mapToInt(row -> row[1] >= threshold ? 1 : 0).toArray();
    return new LabelledProbabilities(this, decided, weights, ownCrossClassReason);
  }

  /**
   * {@return the same examples, decided in two steps} The first class is predicted unless the
   * probability of all others together reaches the threshold, then the most probable of the others.
   *
   * @param threshold the lowest score that is predicted positive
   */
  public LabelledProbabilities predictAsCascade(double threshold) {
    int[] decided =
        Arrays.stream(probabilities)
            .mapToInt(row -> 1 - row[0] >= threshold ? argMax(row, 1) : 0)
            .toArray();
    return new LabelledProbabilities(this, decided, weights, ownCrossClassReason);
  }

  /**
   * {@return the same examples with other probabilities}
   *
   * @param mapping from the old to the new value
   */
  public LabelledProbabilities mapProbabilities(UnaryOperator<double[]> mapping) {
    double[][] mapped = Arrays.stream(probabilities).map(mapping).toArray(double[][]::new);
    return new LabelledProbabilities(classes, mapped, actual)
        .withWeights(weights)
        .withoutCrossClass(ownCrossClassReason);
  }

  /**
   * {@return the same examples, for which every metric that compares classes is undefined} Counts,
   * their row shares and recall remain.
   *
   * @param reason why, or null if such metrics are defined
   */
  public LabelledProbabilities withoutCrossClass(@Nullable String reason) {
    return new LabelledProbabilities(this, predicted, weights, reason);
  }

  /**
   * {@return the probabilities of one class; its own examples are positive}
   *
   * @param one the index of the class
   */
  public LabelledScores oneVersusRest(int one) {
    return oneVersusRest.get(one);
  }

  /**
   * {@return the probability of all classes but one, such as NORMAL; its examples are negative}
   *
   * @param negative the index of the negative class
   */
  public LabelledScores restVersusOne(int negative) {
    return scores(row -> 1 - row[negative], i -> actual[i] != negative)
        .withoutCrossClass(ownCrossClassReason);
  }

  /** {@return the probability of each predicted class, positive if the prediction is correct} */
  public LabelledScores confidence() {
    return scores(row -> row[argMax(row)], i -> predicted[i] == actual[i]);
  }

  /**
   * {@return why no metric can be computed, or null: {@link
   * LabelledScores#undefinedReasonAsProbabilities}}
   */
  @Override
  public @Nullable String undefinedReason() {
    return oneVersusRest.stream()
        .map(LabelledScores::undefinedReasonAsProbabilities)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  @Override
  public @Nullable String undefinedReasonAsProbabilities() {
    return undefinedReason();
  }

  /** {@return the class names, in order} */
  public List<String> classes() {
    return classes;
  }

  /**
   * {@return the index of an example's class}
   *
   * @param example the index of an example
   */
  public int actual(int example) {
    return actual[example];
  }

  /**
   * {@return the index of an example's predicted class}
   *
   * @param example the index of an example
   */
  public int predicted(int example) {
    return predicted[example];
  }

  @Override
  double[] brierTerms() {
    return brierTerms;
  }

  @Override
  double[] logLossTerms() {
    return logLossTerms;
  }

  /**
   * {@return the probability of each class for an example; not to be changed}
   *
   * @param example the index of an example
   */
  public double[] probabilities(int example) {
    return probabilities[example];
  }
}
