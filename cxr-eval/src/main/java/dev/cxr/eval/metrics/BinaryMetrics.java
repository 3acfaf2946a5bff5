package dev.cxr.eval.metrics;

import java.util.function.Function;

/**
 * All metrics of two-class scores, ready for JSON: only records, arrays, finite numbers and text.
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
 *     interval is a point if the scores separate the classes perfectly, and absent with fewer than
 *     two examples of a class
 * @param averagePrecision the precision at each distinct score weighted by the recall gained there,
 *     in [0, 1]
 * @param brier {@link LabelledExamples#brier}
 * @param logLoss {@link LabelledExamples#logLoss}
 * @param roc the ROC curve
 */
public record BinaryMetrics(
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
    RocCurve roc) {

  /** What the metrics of one resample are computed from. */
  private record Sample(
      ConfusionMatrix confusion,
      Estimate auroc,
      Estimate averagePrecision,
      Estimate brier,
      Estimate logLoss) {

    static Sample of(LabelledScores examples, double threshold) {
      RankingMetrics ranking = RankingMetrics.of(examples);
      return new Sample(
          ConfusionMatrix.of(ranking, threshold),
          ranking.aurocWithoutInterval(),
          ranking.averagePrecision(),
          examples.brier(),
          examples.logLoss());
    }
  }

  /**
   * {@return the metrics of scores at a threshold; none is defined if there is no example or a
   * score is not finite}
   *
   * @param examples the examples to evaluate
   * @param threshold the lowest score that is predicted positive, finite
   * @throws IllegalArgumentException if the threshold is NaN or infinite
   */
  public static BinaryMetrics of(LabelledScores examples, double threshold) {
    return of(examples, threshold, BootstrapResult.none(Sample.of(examples, threshold)));
  }

  /**
   * {@return the metrics, each with its interval by patient}
   *
   * @param examples the examples to evaluate
   * @param threshold the lowest score that is predicted positive
   * @param bootstrap resamples the patients of the examples, in the same order
   */
  public static BinaryMetrics of(
      LabelledScores examples, double threshold, PatientBootstrap bootstrap) {
    return of(
        examples,
        threshold,
        bootstrap.resample(weights -> Sample.of(examples.withWeights(weights), threshold)));
  }

  private static BinaryMetrics of(
      LabelledScores examples, double threshold, BootstrapResult<Sample> samples) {
    Function<Function<Sample, Estimate>, Estimate> ofOneClass =
        metric -> samples.estimate(examples.undefinedReason(), metric);
    Function<Function<Sample, Estimate>, Estimate> crossClass =
        metric -> samples.estimate(examples.crossClassReason(), metric);
    return new BinaryMetrics(
        threshold,
        samples.point().confusion(),
        crossClass.apply(s -> s.confusion().accuracy()),
        crossClass.apply(s -> s.confusion().precision()),
        ofOneClass.apply(s -> s.confusion().recall()),
        ofOneClass.apply(s -> s.confusion().specificity()),
        crossClass.apply(s -> s.confusion().npv()),
        crossClass.apply(s -> s.confusion().f1()),
        crossClass.apply(s -> s.confusion().balancedAccuracy()),
        crossClass.apply(s -> s.confusion().mcc()),
        crossClass.apply(s -> s.confusion().kappa()),
        samples.estimate(RankingMetrics.of(examples).auroc(), Sample::auroc),
        crossClass.apply(Sample::averagePrecision),
        crossClass.apply(Sample::brier),
        crossClass.apply(Sample::logLoss),
        RocCurve.of(examples));
  }
}
