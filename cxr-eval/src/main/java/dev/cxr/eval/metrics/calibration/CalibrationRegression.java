package dev.cxr.eval.metrics.calibration;

import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.Interval;
import dev.cxr.eval.metrics.LabelledScores;
import dev.cxr.eval.metrics.ProperScoringRules;
import dev.cxr.eval.metrics.RankedScores;
import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The logistic regression of the label on the logit of the probability (D. R. Cox, "Two further
 * applications of a model for binary regression", Biometrika 45, 1958), with Wald intervals.
 * Probabilities are clipped as for {@link ProperScoringRules#logLoss} before their logit is taken.
 *
 * @param slope 1 is right; below 1 the probabilities are too extreme, above 1 too timid. Not
 *     defined where the scores separate the classes in full, for then it has no bound
 * @param intercept of that line; 0 is right
 * @param inTheLarge the intercept when the slope is held at 1; 0 is right, and above it the
 *     probabilities are too low on the whole (B. Van Calster et al., "Calibration: the Achilles
 *     heel of predictive analytics", BMC Medicine 17, 2019)
 */
public record CalibrationRegression(Estimate slope, Estimate intercept, Estimate inTheLarge) {

  /** Fits the line. */
  public static CalibrationRegression of(LabelledScores probabilities) {
    RankedScores ranking = RankedScores.of(probabilities);
    String undefinedReason = probabilities.undefinedReasonAsProbabilities();
    String reason = undefinedReason != null ? undefinedReason : ranking.singleClassReason();
    if (reason != null) {
      Estimate undefined = new Estimate.Undefined(reason);
      return new CalibrationRegression(undefined, undefined, undefined);
    }
    double[] logits =
        IntStream.range(0, ranking.cutoffs())
            .mapToDouble(k -> ProperScoringRules.logit(ranking.score(k)))
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

  private static Estimate wald(double value, double variance, RankedScores ranking) {
    return new Estimate.Defined(value, ranking.size(), Interval.normal(value, variance));
  }

  /**
   * Why the likelihood has no greatest value, or null (A. Albert and J. A. Anderson, "On the
   * existence of maximum likelihood estimates in logistic regression models", Biometrika 71, 1984).
   * Classes that meet in one score only are separated too.
   */
  private static @Nullable String separationReason(double[] logits, RankedScores ranking) {
    if (logits[0] == logits[logits.length - 1]) {
      return "all scores are equal";
    }
    IntPredicate ofPositives = k -> ranking.positivesTied(k) > 0;
    IntPredicate ofNegatives = k -> ranking.negativesTied(k) > 0;
    boolean apart =
        lowest(logits, ofPositives) >= highest(logits, ofNegatives)
            || lowest(logits, ofNegatives) >= highest(logits, ofPositives);
    return apart ? "the scores separate the classes in full" : null;
  }

  private static double lowest(double[] logits, IntPredicate chosen) {
    return IntStream.range(0, logits.length)
        .filter(chosen)
        .mapToDouble(k -> logits[k])
        .min()
        .orElseThrow();
  }

  private static double highest(double[] logits, IntPredicate chosen) {
    return -lowest(Arrays.stream(logits).map(logit -> -logit).toArray(), chosen);
  }
}
