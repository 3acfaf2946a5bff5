package dev.cxr.eval.metrics;

/**
 * Counts of two-class predictions against labels, and the metrics computed from them.
 *
 * <p>Proportions carry Wilson's 95 % interval ({@link Interval#wilson}) and their denominator as
 * {@code n}; the other metrics have no interval, and {@code n} is the number of examples.
 *
 * @param tp positive examples predicted positive
 * @param fp negative examples predicted positive
 * @param tn negative examples predicted negative
 * @param fn positive examples predicted negative
 */
public record ConfusionMatrix(long tp, long fp, long tn, long fn) {

  /**
   * @param tp positive examples predicted positive
   * @param fp negative examples predicted positive
   * @param tn negative examples predicted negative
   * @param fn positive examples predicted negative
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
   * Counts predictions; {@code score >= threshold} is positive everywhere in this package.
   *
   * @param examples scores and labels
   * @param threshold the lowest score that counts as a positive prediction, finite
   * @return the counts, which add up to {@code examples.size()}; all 0 if the examples have an
   *     {@link LabelledScores#undefinedReason}
   * @throws IllegalArgumentException if the threshold is NaN or infinite
   */
  public static ConfusionMatrix of(LabelledScores examples, double threshold) {
    return of(RankingMetrics.of(examples), threshold);
  }

  static ConfusionMatrix of(RankingMetrics ranking, double threshold) {
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

  /** {@return the number of examples} */
  public long n() {
    return tp + fp + tn + fn;
  }

  /** {@return the share of correct predictions, (tp + tn) / n} */
  public Estimate accuracy() {
    return Estimate.proportion(tp + tn, n(), "no example");
  }

  /** {@return the positive predictive value, tp / (tp + fp)} */
  public Estimate precision() {
    return Estimate.proportion(tp, tp + fp, "no positive prediction");
  }

  /** {@return the sensitivity or true positive rate, tp / (tp + fn)} */
  public Estimate recall() {
    return Estimate.proportion(tp, tp + fn, "no positive example");
  }

  /** {@return the true negative rate, tn / (tn + fp)} */
  public Estimate specificity() {
    return Estimate.proportion(tn, tn + fp, "no negative example");
  }

  /** {@return the negative predictive value, tn / (tn + fn)} */
  public Estimate npv() {
    return Estimate.proportion(tn, tn + fn, "no negative prediction");
  }

  /**
   * {@return the harmonic mean of precision and recall, 2 tp / (2 tp + fp + fn)} It is 0, not
   * undefined, if positive examples exist and none is found.
   */
  public Estimate f1() {
    return quotient(
        2.0 * tp, 2.0 * tp + fp + fn, "neither a positive example nor a positive prediction");
  }

  /** {@return the mean of recall and specificity} */
  public Estimate balancedAccuracy() {
    double positives = tp + fn;
    double negatives = tn + fp;
    return quotient(
        tp * negatives + tn * positives,
        2 * positives * negatives,
        "examples of one class only, or none");
  }

  /** {@return Youden's index J, recall + specificity - 1, in [-1, 1]} */
  public Estimate youdenJ() {
    double positives = tp + fn;
    double negatives = tn + fp;
    return quotient(
        tp * negatives - fp * positives,
        positives * negatives,
        positives == 0 ? "no positive example" : "no negative example");
  }

  /**
   * {@return Matthews' correlation of predictions and labels, in [-1, 1]} (B. W. Matthews,
   * "Comparison of the predicted and observed secondary structure of T4 phage lysozyme", 1975).
   */
  public Estimate mcc() {
    // As doubles: the product of four counts could overflow a long.
    double margins = (double) (tp + fn) * (tn + fp) * (tp + fp) * (tn + fn);
    return quotient(
        (double) tp * tn - (double) fp * fn,
        Math.sqrt(margins),
        "examples or predictions of one class only, or none");
  }

  /**
   * {@return Cohen's kappa, the agreement of predictions and labels beyond chance, at most 1} (J.
   * Cohen, "A coefficient of agreement for nominal scales", 1960).
   */
  public Estimate kappa() {
    double chanceDisagreement = (double) (tp + fp) * (fp + tn) + (double) (tp + fn) * (fn + tn);
    return quotient(
        2 * ((double) tp * tn - (double) fp * fn),
        chanceDisagreement,
        "predictions and labels are all of the same class, or there are none");
  }

  private Estimate quotient(double dividend, double divisor, String undefinedReason) {
    return divisor == 0
        ? new Estimate.Undefined(undefinedReason)
        : new Estimate.Defined(dividend / divisor, n());
  }
}
