package dev.cxr.eval.metrics;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Labelled examples that count as often as their weights say, with their proper scoring rules. */
public abstract class LabelledExamples {

  final int[] weights;
  final @Nullable String ownCrossClassReason;
  private final long size;

  LabelledExamples(int[] weights, @Nullable String ownCrossClassReason) {
    this.weights = weights;
    this.ownCrossClassReason = ownCrossClassReason;
    size = Arrays.stream(weights).asLongStream().sum();
  }

  static int[] once(int length) {
    int[] weights = new int[length];
    Arrays.fill(weights, 1);
    return weights;
  }

  /** {@return why no metric can be computed, or null} */
  public abstract @Nullable String undefinedReason();

  /** {@return why Brier score and log loss cannot be computed, or null} */
  public abstract @Nullable String undefinedReasonAsProbabilities();

  abstract double[] brierTerms();

  abstract double[] logLossTerms();

  /** {@return why no metric that compares classes can be computed, or null} */
  public @Nullable String crossClassReason() {
    String undefinedReason = undefinedReason();
    return undefinedReason != null ? undefinedReason : ownCrossClassReason;
  }

  /** {@return the sum of the weights} */
  public long size() {
    return size;
  }

  /** {@return the number of examples, whatever their weights} */
  public int length() {
    return weights.length;
  }

  /**
   * {@return the weight of an example, 1 unless other weights were given}
   *
   * @param example the index of an example
   */
  public int weights(int example) {
    return weights[example];
  }

  /**
   * {@return the mean squared distance from probability to label, in [0, 1]} (G. W. Brier,
   * "Verification of forecasts expressed in terms of probability", 1950). Over classes the
   * distances are summed, in [0, 2]: Brier's original form, which for two classes is twice the
   * other.
   */
  public Estimate brier() {
    return weightedMean(brierTerms());
  }

  /**
   * {@return the mean negative natural logarithm of the probability of the true class, at least 0}
   * Probabilities are clipped to [2^-52, 1 - 2^-52], so that one confident error costs 36 nats and
   * not infinitely many.
   */
  public Estimate logLoss() {
    return weightedMean(logLossTerms());
  }

  private Estimate weightedMean(double[] losses) {
    String undefinedReason = undefinedReasonAsProbabilities();
    if (undefinedReason != null) {
      return new Estimate.Undefined(undefinedReason);
    }
    double sum = 0;
    for (int i = 0; i < losses.length; i++) {
      sum += weights[i] * losses[i];
    }
    return new Estimate.Defined(sum / size, size);
  }
}
