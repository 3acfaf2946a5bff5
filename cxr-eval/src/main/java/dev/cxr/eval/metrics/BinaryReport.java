package dev.cxr.eval.metrics;

import java.util.function.Function;

/**
 * All that this package can say about two-class scores, ready to be written out: only records,
 * arrays, finite numbers and text.
 *
 * @param threshold the lowest score that counts as a positive prediction
 * @param confusion the counts at that threshold
 * @param accuracy {@link ConfusionMatrix#accuracy}
 * @param precision {@link ConfusionMatrix#precision}, the positive predictive value
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
 * @param brier {@link ProperScores#brier}
 * @param logLoss {@link ProperScores#logLoss}
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

  /** What the figures of one resample follow from. */
  private record Sample(
      ConfusionMatrix confusion,
      Estimate area,
      Estimate averagePrecision,
      Estimate brier,
      Estimate logLoss) {

    static Sample of(LabelledScores examples, double threshold) {
      Ranking ranking = Ranking.of(examples);
      return new Sample(
          ConfusionMatrix.of(ranking, threshold),
          ranking.area(),
          ranking.averagePrecision(),
          ProperScores.brier(examples),
          ProperScores.logLoss(examples));
    }
  }

  /**
   * Judges scores against labels.
   *
   * @param scores one per example, higher meaning more likely positive; probabilities in [0, 1] for
   *     all figures to be defined
   * @param positive whether each example is positive, in the same order
   * @param threshold the lowest score that counts as a positive prediction, finite
   * @return the report; no figure is defined if there is no example or a score is no finite number
   * @throws IllegalArgumentException if the lengths differ, or the threshold is NaN or infinite
   */
  public static BinaryReport of(double[] scores, boolean[] positive, double threshold) {
    return of(new LabelledScores(scores, positive), threshold);
  }

  /** {@link #of(double[], boolean[], double)}. */
  public static BinaryReport of(LabelledScores examples, double threshold) {
    return of(examples, threshold, Resampled.none(Sample.of(examples, threshold)));
  }

  /** The same with every figure's interval by patient. */
  public static BinaryReport of(
      LabelledScores examples, double threshold, PatientBootstrap bootstrap) {
    return of(
        examples,
        threshold,
        bootstrap.resample(times -> Sample.of(examples.repeated(times), threshold)));
  }

  /**
   * The same without what mixes positives and negatives: counts, recall and specificity remain.
   *
   * @param barred the examples, {@link LabelledScores#barred}
   */
  public BinaryReport apart(LabelledScores barred) {
    BinaryReport none = of(barred, threshold);
    return new BinaryReport(
        threshold,
        confusion,
        none.accuracy,
        none.precision,
        recall,
        specificity,
        none.npv,
        none.f1,
        none.balancedAccuracy,
        none.mcc,
        none.kappa,
        none.auroc,
        none.averagePrecision,
        none.brier,
        none.logLoss,
        none.roc,
        none.youden);
  }

  private static BinaryReport of(
      LabelledScores examples, double threshold, Resampled<Sample> samples) {
    String defect = examples.defect();
    Function<Function<Sample, Estimate>, Estimate> figure =
        f -> defect != null ? new Estimate.Undefined(defect) : samples.estimate(f);
    return new BinaryReport(
        threshold,
        samples.point().confusion(),
        figure.apply(s -> s.confusion().accuracy()),
        figure.apply(s -> s.confusion().precision()),
        figure.apply(s -> s.confusion().recall()),
        figure.apply(s -> s.confusion().specificity()),
        figure.apply(s -> s.confusion().npv()),
        figure.apply(s -> s.confusion().f1()),
        figure.apply(s -> s.confusion().balancedAccuracy()),
        figure.apply(s -> s.confusion().mcc()),
        figure.apply(s -> s.confusion().kappa()),
        samples.estimate(Ranking.of(examples).auroc(), Sample::area),
        figure.apply(Sample::averagePrecision),
        figure.apply(Sample::brier),
        figure.apply(Sample::logLoss),
        RocCurve.of(examples),
        new ThresholdRule.Youden().choose(examples));
  }
}
