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
   * @param examples scores and labels
   * @param threshold the lowest score that counts as a positive prediction, finite
   * @return the counts, which add up to {@code examples.size()}; all 0 where the examples have a
   *     {@link LabelledScores#undefinedReason}
   * @throws IllegalArgumentException if the threshold is NaN or infinite
   */
  public static ConfusionMatrix of(LabelledScores examples, double threshold) {
    return of(RankedScores.of(examples), threshold);
  }

  static ConfusionMatrix of(RankedScores ranking, double threshold) {
    if (!Double.isFinite(threshold)) {
      throw new IllegalArgumentException(
          "expected a finite threshold, found %s; 0.5 is the usual one for probabilities"
              .formatted(threshold));
    }
    int cutoffs = ranking.cutoffsFrom(threshold);
    long tp = cutoffs == 0 ? 0 : ranking.truePositives(cutoffs - 1);
    long fp = cutoffs == 0 ? 0 : ranking.falsePositives(cutoffs - 1);
    return new ConfusionMatrix(tp, fp, ranking.negatives() - fp, ranking.positives() - tp);
  }

  /** The number of examples. */
  public long n() {
    return tp + fp + tn + fn;
  }

  /** The share of right predictions, (tp + tn) / n. */
  public Estimate accuracy() {
    return Estimate.proportion(tp + tn, n(), "no example");
  }

  /** Positive predictive value, tp / (tp + fp). */
  public Estimate precision() {
    return Estimate.proportion(tp, tp + fp, "no positive prediction");
  }

  /** Sensitivity, the true positive rate, tp / (tp + fn). */
  public Estimate recall() {
    return Estimate.proportion(tp, tp + fn, "no positive example");
  }

  /** The true negative rate, tn / (tn + fp). */
  public Estimate specificity() {
    return Estimate.proportion(tn, tn + fp, "no negative example");
  }

  /** Negative predictive value, tn / (tn + fn). */
  public Estimate npv() {
    return Estimate.proportion(tn, tn + fn, "no negative prediction");
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

  /** Youden's index J, recall + specificity - 1, in [-1, 1] (W. J. Youden, 1950). */
  public Estimate youdenJ() {
    double positives = tp + fn;
    double negatives = tn + fp;
    return quotient(
        tp * negatives - fp * positives,
        positives * negatives,
        positives == 0 ? "no positive example" : "no negative example");
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

  private Estimate quotient(double dividend, double divisor, String undefinedReason) {
    return divisor == 0
        ? new Estimate.Undefined(undefinedReason)
        : new Estimate.Defined(dividend / divisor, n());
  }
}
