package dev.cxr.eval.metrics;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;

/**
 * Counts of predictions against labels of several classes, and the metrics computed from them.
 * Proportions carry Wilson's interval and their denominator as {@code n}; the other metrics have no
 * interval, and {@code n} is the number of examples.
 *
 * @param classes the class names, in order
 * @param counts a row for each true class, a column for each predicted one
 */
public record MultiClassConfusionMatrix(List<String> classes, List<List<Long>> counts) {

  /**
   * Copies the lists.
   *
   * @param classes the class names, in order
   * @param counts a row for each actual class, a column for each predicted one
   */
  public MultiClassConfusionMatrix {
    classes = List.copyOf(classes);
    counts = counts.stream().map(List::copyOf).toList();
  }

  /**
   * {@return the counts of predicted classes; all 0 with an {@link
   * LabelledProbabilities#undefinedReason}}
   *
   * @param examples the examples to evaluate
   */
  public static MultiClassConfusionMatrix of(LabelledProbabilities examples) {
    long[][] counts = new long[examples.classes().size()][examples.classes().size()];
    int length = examples.undefinedReason() == null ? examples.length() : 0;
    for (int i = 0; i < length; i++) {
      counts[examples.actual(i)][examples.predicted(i)] += examples.weights(i);
    }
    return new MultiClassConfusionMatrix(
        examples.classes(),
        Arrays.stream(counts).map(row -> Arrays.stream(row).boxed().toList()).toList());
  }

  /** {@return the number of examples} */
  public long n() {
    return sum(this::support);
  }

  /**
   * {@return the number of examples of a class}
   *
   * @param c the index of a class
   */
  public long support(int c) {
    return sum(predicted -> count(c, predicted));
  }

  /**
   * {@return the number of examples predicted as a class}
   *
   * @param c the index of a class
   */
  public long predictedCount(int c) {
    return sum(actual -> count(actual, c));
  }

  /**
   * {@return the share of the examples predicted as a class that are of it}
   *
   * @param c the index of a class
   */
  public Estimate precision(int c) {
    return Estimate.proportion(
        count(c, c), predictedCount(c), "no example was predicted as " + classes.get(c));
  }

  /**
   * {@return the share of a class's examples that are predicted as it: its sensitivity}
   *
   * @param c the index of a class
   */
  public Estimate recall(int c) {
    return Estimate.proportion(count(c, c), support(c), "no example of " + classes.get(c));
  }

  /**
   * {@return the share of other classes' examples that are not predicted as this one}
   *
   * @param c the index of a class
   */
  public Estimate specificity(int c) {
    long others = n() - support(c);
    return Estimate.proportion(
        others - (predictedCount(c) - count(c, c)),
        others,
        "no example of a class other than " + classes.get(c));
  }

  /**
   * {@return the harmonic mean of precision and recall, 2 tp / (2 tp + fp + fn)}
   *
   * @param c the index of a class
   */
  public Estimate f1(int c) {
    return quotient(
        2.0 * count(c, c),
        (double) support(c) + predictedCount(c),
        "neither an example nor a prediction of " + classes.get(c));
  }

  /** {@return the share of correct predictions} */
  public Estimate accuracy() {
    return Estimate.proportion(correct(), n(), "no example");
  }

  /**
   * {@return the mean of a metric over the classes; undefined if it is undefined for one}
   *
   * @param metric the metric
   */
  public Estimate macro(IntFunction<Estimate> metric) {
    return mean(metric, c -> 1);
  }

  /**
   * {@return the mean of a metric, weighted by support; absent classes do not count}
   *
   * @param metric the metric
   */
  public Estimate weighted(IntFunction<Estimate> metric) {
    return mean(metric, this::support);
  }

  /** {@return the mean recall over the classes; undefined if a class is absent} */
  public Estimate balancedAccuracy() {
    return macro(this::recall);
  }

  /**
   * {@return Matthews' correlation for several classes, at most 1} (J. Gorodkin, "Comparing two
   * K-category assignments by a K-category correlation coefficient", 2004).
   */
  public Estimate mcc() {
    double n = n();
    double covariance = n * correct() - sum(c -> support(c) * predictedCount(c));
    double labelVariance = n * n - sum(c -> support(c) * support(c));
    double predictionVariance = n * n - sum(c -> predictedCount(c) * predictedCount(c));
    return quotient(
        covariance,
        Math.sqrt(labelVariance) * Math.sqrt(predictionVariance),
        "examples or predictions of one class only, or none");
  }

  /** {@return Cohen's kappa, the agreement of predictions and labels beyond chance, at most 1} */
  public Estimate kappa() {
    double n = n();
    double chance = sum(c -> support(c) * predictedCount(c));
    return quotient(
        n * correct() - chance,
        n * n - chance,
        "predictions and labels are all of the same class, or there are none");
  }

  private Estimate mean(IntFunction<Estimate> metric, IntToLongFunction weight) {
    double total = 0;
    double weights = 0;
    for (int c = 0; c < classes.size(); c++) {
      if (weight.applyAsLong(c) > 0) {
        if (!(metric.apply(c) instanceof Estimate.Defined defined)) {
          return metric.apply(c);
        }
        total += weight.applyAsLong(c) * defined.value();
        weights += weight.applyAsLong(c);
      }
    }
    return quotient(total, weights, "no example");
  }

  private Estimate quotient(double dividend, double divisor, String undefinedReason) {
    return divisor == 0
        ? new Estimate.Undefined(undefinedReason)
        : new Estimate.Defined(dividend / divisor, n());
  }

  private long count(int actual, int predicted) {
    return counts.get(actual).get(predicted);
  }

  private long correct() {
    return sum(c -> count(c, c));
  }

  private long sum(IntToLongFunction ofClass) {
    return IntStream.range(0, classes.size()).mapToLong(ofClass).sum();
  }
}
