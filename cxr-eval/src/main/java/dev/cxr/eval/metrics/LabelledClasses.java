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
 * several are, unless it is {@link #decidedAt} a threshold.
 *
 * <p>A plain class, for it compares nothing; the arrays are the caller's and are only read.
 */
public final class LabelledClasses {

  private final List<String> classes;
  private final double[][] probabilities;
  private final int[] truth;
  private final int[] predicted;
  private final int[] times;
  private final List<LabelledScores> oneVersusRest;
  private final double[] squares;
  private final double[] logLosses;

  /**
   * Ranks the probabilities, in O(n log n) for each class.
   *
   * @param classes the class names in order, at least two
   * @param probabilities one row per example, one column per class, in [0, 1]
   * @param truth the index of each example's class
   * @throws IllegalArgumentException if the sizes do not match or an index is none of a class
   */
  public LabelledClasses(List<String> classes, double[][] probabilities, int[] truth) {
    ClassConfusion.requireIndices(classes, truth);
    if (probabilities.length != truth.length
        || Arrays.stream(probabilities).anyMatch(row -> row.length != classes.size())) {
      throw new IllegalArgumentException(
          "expected a row of %d probabilities for each of %d labels, found %d rows or others in them; pass both for the same examples in the same order"
              .formatted(classes.size(), truth.length, probabilities.length));
    }
    this.classes = List.copyOf(classes);
    this.probabilities = probabilities;
    this.truth = truth;
    predicted = Arrays.stream(probabilities).mapToInt(LabelledClasses::mostProbable).toArray();
    times = new int[truth.length];
    Arrays.fill(times, 1);
    oneVersusRest =
        IntStream.range(0, classes.size())
            .mapToObj(c -> scores(row -> row[c], i -> truth[i] == c))
            .toList();
    squares = new double[defect() == null ? truth.length : 0];
    logLosses = new double[squares.length];
    for (int i = 0; i < squares.length; i++) {
      squares[i] = square(probabilities[i], truth[i]);
      logLosses[i] = ProperScores.logLoss(probabilities[i][truth[i]]);
    }
  }

  private LabelledClasses(LabelledClasses original, int[] predicted, int[] times) {
    classes = original.classes;
    probabilities = original.probabilities;
    truth = original.truth;
    this.predicted = predicted;
    this.times = times;
    oneVersusRest = original.oneVersusRest.stream().map(scores -> scores.repeated(times)).toList();
    squares = original.squares;
    logLosses = original.logLosses;
  }

  private LabelledClasses(LabelledClasses original, String reason) {
    classes = original.classes;
    probabilities = original.probabilities;
    truth = original.truth;
    predicted = original.predicted;
    times = original.times;
    oneVersusRest = original.oneVersusRest.stream().map(scores -> scores.barred(reason)).toList();
    squares = original.squares;
    logLosses = original.logLosses;
  }

  /** The index of the most probable class, the first of them where several are. */
  public static int mostProbable(double[] row) {
    int best = 0;
    for (int c = 1; c < row.length; c++) {
      if (row[c] > row[best]) {
        best = c;
      }
    }
    return best;
  }

  private static double square(double[] row, int truth) {
    double sum = 0;
    for (int c = 0; c < row.length; c++) {
      double distance = row[c] - (c == truth ? 1 : 0);
      sum += distance * distance;
    }
    return sum;
  }

  private LabelledScores scores(ToDoubleFunction<double[]> score, IntPredicate positive) {
    boolean[] labels = new boolean[truth.length];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = positive.test(i);
    }
    return new LabelledScores(Arrays.stream(probabilities).mapToDouble(score).toArray(), labels)
        .repeated(times);
  }

  /** The same examples, each taken as often as told; see {@link LabelledScores#repeated}. */
  public LabelledClasses repeated(int[] times) {
    return new LabelledClasses(this, predicted, times);
  }

  /**
   * The same examples, decided at a threshold: the second class is predicted where its probability
   * reaches it.
   *
   * @throws IllegalArgumentException if there are more than two classes
   */
  public LabelledClasses decidedAt(double threshold) {
    if (classes.size() != 2) {
      throw new IllegalArgumentException(
          "expected two classes, found %d; of more the most probable one is predicted"
              .formatted(classes.size()));
    }
    int[] decided =
        Arrays.stream(probabilities).mapToInt(row -> row[1] >= threshold ? 1 : 0).toArray();
    return new LabelledClasses(this, decided, times);
  }

  /**
   * The same examples, decided in steps: the first class unless the probability of being any other
   * reaches the threshold, then the most probable of those.
   */
  public LabelledClasses decidedInSteps(double threshold) {
    int[] decided = Arrays.stream(probabilities).mapToInt(row -> inSteps(row, threshold)).toArray();
    return new LabelledClasses(this, decided, times);
  }

  private static int inSteps(double[] row, double threshold) {
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
  public LabelledClasses changed(UnaryOperator<double[]> change) {
    double[][] changed = Arrays.stream(probabilities).map(change).toArray(double[][]::new);
    return new LabelledClasses(classes, changed, truth).repeated(times);
  }

  /** {@link LabelledScores#barred}. */
  public LabelledClasses barred(String reason) {
    return new LabelledClasses(this, reason);
  }

  /** One class's probabilities, its own examples being the positive ones. */
  public LabelledScores oneVersusRest(int one) {
    return oneVersusRest.get(one);
  }

  /** The binary reading: the probability of being of any class but one, such as the normal one. */
  public LabelledScores anyBut(int negative) {
    return scores(row -> 1 - row[negative], i -> truth[i] != negative);
  }

  /** The probability of each predicted class, positive where it is the true one. */
  public LabelledScores confidence() {
    return scores(row -> row[mostProbable(row)], i -> predicted[i] == truth[i]);
  }

  /** Why no figure can be computed, or null; see {@link LabelledScores#defectAsProbabilities}. */
  public @Nullable String defect() {
    return oneVersusRest.stream()
        .map(LabelledScores::defectAsProbabilities)
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
    return truth.length;
  }

  /** How often an example counts; 1 unless {@link #repeated}. */
  public int times(int example) {
    return times[example];
  }

  /** The index of an example's class. */
  public int truth(int example) {
    return truth[example];
  }

  /** The index of the class that is predicted for an example. */
  public int predicted(int example) {
    return predicted[example];
  }

  /** Each example's part in {@link ProperScores#brier}, where there is no defect. */
  double[] squares() {
    return squares;
  }

  /** Each example's part in {@link ProperScores#logLoss}, where there is no defect. */
  double[] logLosses() {
    return logLosses;
  }

  /** How often each example counts. */
  int[] times() {
    return times;
  }

  /** The probability of each class for an example; not to be changed. */
  public double[] probabilities(int example) {
    return probabilities[example];
  }
}
