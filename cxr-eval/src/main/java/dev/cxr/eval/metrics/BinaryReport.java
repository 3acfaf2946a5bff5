package dev.cxr.eval.metrics;

/**
 * All that this package can say about two-class scores, ready to be written out: only records,
 * arrays, finite numbers and text.
 *
 * @param threshold the lowest score that counts as a positive prediction
 * @param confusion the counts at that threshold
 * @param accuracy {@link ConfusionMatrix#accuracy}
 * @param precision {@link ConfusionMatrix#precision}
 * @param recall {@link ConfusionMatrix#recall}, the sensitivity
 * @param specificity {@link ConfusionMatrix#specificity}
 * @param npv {@link ConfusionMatrix#npv}
 * @param f1 {@link ConfusionMatrix#f1}
 * @param balancedAccuracy {@link ConfusionMatrix#balancedAccuracy}
 * @param mcc {@link ConfusionMatrix#mcc}
 * @param kappa {@link ConfusionMatrix#kappa}
 * @param auroc the area under the ROC curve with DeLong's (1988) interval, a tie counting half; the
 *     interval is a point where the scores separate the classes in full, and absent with fewer than
 *     two examples of a class
 * @param averagePrecision the precision at each distinct score weighted by the recall gained there,
 *     in [0, 1]
 * @param brier the mean squared distance from probability to label, in [0, 1]; undefined for scores
 *     outside [0, 1]
 * @param logLoss the mean cross-entropy in nats, probabilities clipped to [2^-52, 1 - 2^-52];
 *     undefined for scores outside [0, 1]
 * @param roc the ROC curve
 * @param youden the threshold that these same scores would choose; to be used on other examples
 */
public record BinaryReport(
    double threshold,
    ConfusionMatrix confusion,
    Estimate accuracy,
    Estimate precision,
    Estimate recall,
    Estimate specificity,
    Estimate npv,
    Estimate f1,
    Estimate balancedAccuracy,
    Estimate mcc,
    Estimate kappa,
    Estimate auroc,
    Estimate averagePrecision,
    Estimate brier,
    Estimate logLoss,
    RocCurve roc,
    Threshold youden) {

  /**
   * Judges scores against labels.
   *
   * @param scores one finite number per example, higher meaning more likely positive; probabilities
   *     in [0, 1] for all figures to be defined
   * @param positive whether each example is positive, in the same order
   * @param threshold the lowest score that counts as a positive prediction, finite
   * @return the report
   * @throws IllegalArgumentException if there is no example, the lengths differ, or a score or the
   *     threshold is NaN or infinite
   */
  public static BinaryReport of(double[] scores, boolean[] positive, double threshold) {
    LabelledScores examples = new LabelledScores(scores, positive);
    ConfusionMatrix confusion = ConfusionMatrix.of(examples, threshold);
    Ranking ranking = Ranking.of(examples);
    return new BinaryReport(
        threshold,
        confusion,
        confusion.accuracy(),
        confusion.precision(),
        confusion.recall(),
        confusion.specificity(),
        confusion.npv(),
        confusion.f1(),
        confusion.balancedAccuracy(),
        confusion.mcc(),
        confusion.kappa(),
        ranking.auroc(),
        ranking.averagePrecision(),
        ProperScores.brier(examples),
        ProperScores.logLoss(examples),
        ranking.rocCurve(),
        ranking.youden());
  }
}
