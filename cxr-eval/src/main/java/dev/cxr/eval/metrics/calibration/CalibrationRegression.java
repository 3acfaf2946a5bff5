package dev.cxr.eval.metrics.calibration;

import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.Interval;
import dev.cxr.eval.metrics.LabelledScores;
import dev.cxr.eval.metrics.Logit;
import dev.cxr.eval.metrics.RankingMetrics;
import java.util.DoubleSummaryStatistics;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The logistic regression of the label on the logit of the probability (D. R. Cox, "Two further
 * applications of a model for binary regression", Biometrika 45, 1958), with Wald intervals. Logits
 * are of clipped probabilities: {@link Logit}.
 *
 * @param slope ideally 1; below 1 the probabilities are overconfident, above 1 underconfident.
 *     Undefined if the scores separate the classes perfectly
 * @param intercept ideally 0
 * @param inTheLarge calibration in the large, the intercept at a slope of 1; ideally 0, above 0 the
 *     probabilities are too low on average (B. Van Calster et al., "Calibration: the Achilles heel
 *     of predictive analytics", BMC Medicine 17, 2019)
 */
public record CalibrationRegression(Estimate slope, Estimate intercept, Estimate inTheLarge) {

  /**
   * {@return the fitted regression}
   *
   * @param probabilities probabilities in [0, 1]
   */
  public static CalibrationRegression of(LabelledScores probabilities) {
    RankingMetrics ranking = RankingMetrics.of(probabilities);
    String undefinedReason = probabilities.undefinedReasonAsProbabilities();
    String reason = undefinedReason != null ? undefinedReason : ranking.singleClassReason();
    if (reason != null) {
      Estimate undefined = new Estimate.Undefined(reason);
      return new CalibrationRegression(undefined, undefined, undefined);
    }
    double[] logits =
        IntStream.range(0, ranking.cutoffs())
            .mapToDouble(k -> Logit.of(ranking.score(k)))
            .toArray();
    LogisticRegression shifted = LogisticRegression.fitIntercept(logits, ranking);
    Estimate inTheLarge = wald(shifted.intercept(), shifted.interceptVariance(), ranking);
    String separated = separationReason(logits, ranking);
    LogisticRegression line =
        separated != null ? null : LogisticRegression.fitLine(logits, ranking);
    if (line == null) {
      Estimate undefined =
          new Estimate.Undefined(
              separated != null ? separated : "the regression does not converge");
      return new CalibrationRegression(undefined, undefined, inTheLarge);
    }
    return new CalibrationRegression(
        wald(line.slope(), line.slopeVariance(), ranking),
        wald(line.intercept(), line.interceptVariance(), ranking),
        inTheLarge);
  }

  private static Estimate wald(double value, double variance, RankingMetrics ranking) {
    return new Estimate.Defined(value, ranking.size(), Interval.normal(value, variance));
  }

  /**
   * Why the likelihood has no maximum, or null (A. Albert and J. A. Anderson, "On the existence of
   * maximum likelihood estimates in logistic regression models", Biometrika 71, 1984). Classes that
   * share only one score are separated too.
   */
  private static @Nullable String separationReason(double[] logits, RankingMetrics ranking) {
    if (logits[0] == logits[logits.length - 1]) {
      return "all scores are equal";
    }
    DoubleSummaryStatistics positives = range(logits, k -> ranking.positivesTied(k) > 0);
    DoubleSummaryStatistics negatives = range(logits, k -> ranking.negativesTied(k) > 0);
    return positives.getMin() >= negatives.getMax() || negatives.getMin() >= positives.getMax()
        ? "the scores separate the classes perfectly"
        : null;
  }

  private static DoubleSummaryStatistics range(double[] logits, IntPredicate chosen) {
    return IntStream.range(0, logits.length)
        .filter(chosen)
        .mapToDouble(k -> logits[k])
        .summaryStatistics();
  }
}
