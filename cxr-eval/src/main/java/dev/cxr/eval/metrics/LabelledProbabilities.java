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
 * The probabilities of two or more classes beside the true class, looked at once for everything
 * that is computed from them. The predicted class is the most probable one, the first of them where
 * several are, unless it is {@link #decideAt} a threshold.
 *
 * <p>A plain class, for it compares nothing; the arrays are the caller's and are only read.
 */
public final class LabelledProbabilities {

  private final List<String> classes;
  private final double[][] probabilities;
  private final int[] actual;
  private final int[] predicted;
  private final int[] weights;
  private final List<LabelledScores> oneVersusRest;
  private final double[] brierTerms;
  private final double[] logLossTerms;

  /**
   * Ranks the probabilities, in O(n log n) for each class.
   *
   * @param classes the class names in order, at least two
   * @param probabilities one row per example, one column per class, in [0, 1]
   * @param actual the index of each example's class
   * @throws IllegalArgumentException if the sizes do not match or an index is none of a class
   */
  public LabelledProbabilities(List<String> classes, double[][] probabilities, int[] actual) {
    MultiClassConfusionMatrix.requireIndices(classes, actual);
    if (probabilities.length != actual.length
        || Arrays.stream(probabilities).anyMatch(row -> row.length != classes.size())) {
      throw new IllegalArgumentException(
          "expected a row of %d probabilities for each of %d labels, found %d rows or others in them; pass both for the same examples in the same order"
              .formatted(classes.size(), actual.length, probabilities.length));
    }
    this.classes = List.copyOf(classes);
    this.probabilities = probabilities;
    this.actual = actual;
    predicted = Arrays.stream(probabilities).mapToInt(LabelledProbabilities::argMax).toArray();
    weights = new int[actual.length];
    Arrays.fill(weights, 1);
    oneVersusRest =
        IntStream.range(0, classes.size())
            .mapToObj(c -> scores(row -> row[c], i -> actual[i] == c))
            .toList();
    brierTerms = new double[undefinedReason() == null ? actual.length : 0];
    logLossTerms = new double[brierTerms.length];
    for (int i = 0; i < brierTerms.length; i++) {
      brierTerms[i] = brierTerm(probabilities[i], actual[i]);
      logLossTerms[i] = ProperScoringRules.logLoss(probabilities[i][actual[i]]);
    }
  }

  private LabelledProbabilities(LabelledProbabilities original, int[] predicted, int[] weights) {
    classes = original.classes;
    probabilities = original.probabilities;
    actual = original.actual;
    this.predicted = predicted;
    this.weights = weights;
    oneVersusRest =
        original.oneVersusRest.stream().map(scores -> scores.resample(weights)).toList();
    brierTerms = original.brierTerms;
    logLossTerms = original.logLossTerms;
  }

  private LabelledProbabilities(LabelledProbabilities original, String reason) {
    classes = original.classes;
    probabilities = original.probabilities;
    actual = original.actual;
    predicted = original.predicted;
    weights = original.weights;
    oneVersusRest =
        original.oneVersusRest.stream().map(scores -> scores.undefined(reason)).toList();
    brierTerms = original.brierTerms;
    logLossTerms = original.logLossTerms;
  }

  /** The index of the most probable class, the first of them where several are. */
  public static int argMax(double[] row) {
    int best = 0;
    for (int c = 1; c < row.length; c++) {
      if (row[c] > row[best]) {
        best = c;
      }
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
    boolean[] labels = new boolean[actual.length];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = positive.test(i);
    }
    return new LabelledScores(Arrays.stream(probabilities).mapToDouble(score).toArray(), labels)
        .resample(weights);
  }

  /** The same examples, each taken as often as told; see {@link LabelledScores#resample}. */
  public LabelledProbabilities resample(int[] weights) {
    return new LabelledProbabilities(this, predicted, weights);
  }

  /**
   * The same examples, decided at a threshold: the second class is predicted where its probability
   * reaches it.
   *
   * @throws IllegalArgumentException if there are more than two classes
   */
  public LabelledProbabilities decideAt(double threshold) {
    if (classes.size() != 2) {
      throw new IllegalArgumentException(
          "expected two classes, found %d; of more the most probable one is predicted"
              .formatted(classes.size()));
    }
    int[] decided =
        Arrays.stream(probabilities).mapToInt(row -> row[1] >= threshold ? 1 : 0).toArray();
    return new LabelledProbabilities(this, decided, weights);
  }

  /**
   * The same examples, decided in steps: the first class unless the probability of being any other
   * reaches the threshold, then the most probable of those.
   */
  public LabelledProbabilities decideAsCascade(double threshold) {
    int[] decided =
        Arrays.stream(probabilities).mapToInt(row -> cascadeClass(row, threshold)).toArray();
    return new LabelledProbabilities(this, decided, weights);
  }

  private static int cascadeClass(double[] row, double threshold) {
    if (!(1 - row[0] >= threshold)) {
      return 0;
    }
    int best = 1;
    for (int c = 2; c < row.length; c++) {
      best = row[c] > row[best] ? c : best;
    }
    return best;
  }

  /** The same examples with other probabilities. */
  public LabelledProbabilities mapProbabilities(UnaryOperator<double[]> mapping) {
    double[][] mapped = Arrays.stream(probabilities).map(mapping).toArray(double[][]::new);
    return new LabelledProbabilities(classes, mapped, actual).resample(weights);
  }

  /** {@link LabelledScores#undefined}. */
  public LabelledProbabilities undefined(String reason) {
    return new LabelledProbabilities(this, reason);
  }

  /** One class's probabilities, its own examples being the positive ones. */
  public LabelledScores oneVersusRest(int one) {
    return oneVersusRest.get(one);
  }

  /** The binary reading: the probability of being of any class but one, such as the normal one. */
  public LabelledScores restVersusOne(int negative) {
    return scores(row -> 1 - row[negative], i -> actual[i] != negative);
  }

  /** The probability of each predicted class, positive where it is the true one. */
  public LabelledScores confidence() {
    return scores(row -> row[argMax(row)], i -> predicted[i] == actual[i]);
  }

  /**
   * Why no figure can be computed, or null; see {@link
   * LabelledScores#undefinedReasonAsProbabilities}.
   */
  public @Nullable String undefinedReason() {
    return oneVersusRest.stream()
        .map(LabelledScores::undefinedReasonAsProbabilities)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  /** The class names, in order. */
  public List<String> classes() {
    return classes;
  }

  /** How many examples there are, each counted as often as it is taken. */
  public long size() {
    return oneVersusRest.get(0).size();
  }

  /** How many examples there are to go through, each counted once. */
  public int length() {
    return actual.length;
  }

  /** How often an example counts; 1 unless {@link #resample}. */
  public int weights(int example) {
    return weights[example];
  }

  /** The index of an example's class. */
  public int actual(int example) {
    return actual[example];
  }

  /** The index of the class that is predicted for an example. */
  public int predicted(int example) {
    return predicted[example];
  }

  /** Each example's part in {@link ProperScoringRules#brier}, where there is no defect. */
  double[] brierTerms() {
    return brierTerms;
  }

  /** Each example's part in {@link ProperScoringRules#logLoss}, where there is no defect. */
  double[] logLossTerms() {
    return logLossTerms;
  }

  /** How often each example counts. */
  int[] weights() {
    return weights;
  }

  /** The probability of each class for an example; not to be changed. */
  public double[] probabilities(int example) {
    return probabilities[example];
  }
}
