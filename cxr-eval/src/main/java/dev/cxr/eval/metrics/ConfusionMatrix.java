package dev.cxr.eval.metrics;

/**
 * How often two-class predictions and labels met, and the figures that follow from these counts.
 *
 * <p>Proportions carry Wilson's 95 % interval ({@link Interval#wilson}) and their denominator as
 * {@code n}; the other figures have no interval and {@code n} is the number of examples.
 *
 * @param tp positive examples predicted positive
 * @param fp negative examples predicted positive
 * @param tn negative examples predicted negative
 * @param fn positive examples predicted negative
 */
public record ConfusionMatrix(long tp, long fp, long tn, long fn) {

  /**
   * @throws IllegalArgumentException if a count is negative
   */
  public ConfusionMatrix {
    if (tp < 0 || fp < 0 || tn < 0 || fn < 0) {
      throw new IllegalArgumentException(
          "expected counts of at least 0, found tp %d, fp %d, tn %d, fn %d; count examples, do not subtract"
              .formatted(tp, fp, tn, fn));
    }
  }

  /**
   * Counts predictions by the one rule of this package: {@code score >= threshold} is positive.
   *
   * @param scores one finite number per example, higher meaning more likely positive
   * @param positive whether each example is positive, in the same order
   * @param threshold the lowest score that counts as a positive prediction, finite
   * @return the counts, which add up to {@code scores.length}
   * @throws IllegalArgumentException if there is no example, the lengths differ, or a score or the
   *     threshold is NaN or infinite
   */
  public static ConfusionMatrix of(double[] scores, boolean[] positive, double threshold) {
    return of(new LabelledScores(scores, positive), threshold);
  }

  static ConfusionMatrix of(LabelledScores examples, double threshold) {
    if (!Double.isFinite(threshold)) {
      throw new IllegalArgumentException(
          "expected a finite threshold, found %s; 0.5 is the usual one for probabilities"
              .formatted(threshold));
    }
    long tp = 0;
    long fp = 0;
    long tn = 0;
    long fn = 0;
    for (int i = 0; i < examples.size(); i++) {
      boolean predicted = examples.score(i) >= threshold;
      if (examples.isPositive(i)) {
        if (predicted) {
          tp++;
        } else {
          fn++;
        }
      } else if (predicted) {
        fp++;
      } else {
        tn++;
      }
    }
    return new ConfusionMatrix(tp, fp, tn, fn);
  }

  /** The number of examples. */
  public long n() {
    return tp + fp + tn + fn;
  }

  /** The share of right predictions, (tp + tn) / n. */
  public Estimate accuracy() {
    return proportion(tp + tn, n(), "no example");
  }

  /** Positive predictive value, tp / (tp + fp). */
  public Estimate precision() {
    return proportion(tp, tp + fp, "no positive prediction");
  }

  /** Sensitivity, the true positive rate, tp / (tp + fn). */
  public Estimate recall() {
    return proportion(tp, tp + fn, "no positive example");
  }

  /** The true negative rate, tn / (tn + fp). */
  public Estimate specificity() {
    return proportion(tn, tn + fp, "no negative example");
  }

  /** Negative predictive value, tn / (tn + fn). */
  public Estimate npv() {
    return proportion(tn, tn + fn, "no negative prediction");
  }

  /**
   * The harmonic mean of precision and recall, 2 tp / (2 tp + fp + fn); by this form 0, and not
   * undefined, where positive examples exist and none is found.
   */
  public Estimate f1() {
    return quotient(
        2.0 * tp, 2.0 * tp + fp + fn, "neither a positive example nor a positive prediction");
  }

  /** The mean of recall and specificity. */
  public Estimate balancedAccuracy() {
    double positives = tp + fn;
    double negatives = tn + fp;
    return quotient(
        tp * negatives + tn * positives,
        2 * positives * negatives,
        "examples of one class only, or none");
  }

  /**
   * Matthews' correlation of predictions and labels, in [-1, 1] (B. W. Matthews, "Comparison of the
   * predicted and observed secondary structure of T4 phage lysozyme", 1975).
   */
  public Estimate mcc() {
    // In doubles from the first product on: four counts multiplied would overflow a long.
    double margins = (double) (tp + fn) * (tn + fp) * (tp + fp) * (tn + fn);
    return quotient(
        (double) tp * tn - (double) fp * fn,
        Math.sqrt(margins),
        "examples or predictions of one class only, or none");
  }

  /**
   * Cohen's kappa, the agreement of predictions and labels beyond chance, at most 1 (J. Cohen, "A
   * coefficient of agreement for nominal scales", 1960).
   */
  public Estimate kappa() {
    double chanceDisagreement = (double) (tp + fp) * (fp + tn) + (double) (tp + fn) * (fn + tn);
    return quotient(
        2 * ((double) tp * tn - (double) fp * fn),
        chanceDisagreement,
        "predictions and labels are all of one and the same class, or there are none");
  }

  private static Estimate proportion(long part, long whole, String whyNone) {
    return whole == 0
        ? new Estimate.Undefined(whyNone)
        : new Estimate.Defined((double) part / whole, whole, Interval.wilson(part, whole));
  }

  private Estimate quotient(double dividend, double divisor, String whyNone) {
    return divisor == 0
        ? new Estimate.Undefined(whyNone)
        : new Estimate.Defined(dividend / divisor, n());
  }
}
