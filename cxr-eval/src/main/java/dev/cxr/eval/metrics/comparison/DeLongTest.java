package dev.cxr.eval.metrics.comparison;

import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.Interval;
import dev.cxr.eval.metrics.LabelledScores;
import dev.cxr.eval.metrics.RankingMetrics;
import org.hipparchus.distribution.continuous.NormalDistribution;

/**
 * Tests whether two models differ in the area under the ROC curve on the same examples (E. R.
 * DeLong, D. M. DeLong, D. L. Clarke-Pearson, Biometrics 44, 1988). It assumes independent
 * examples.
 *
 * @param difference the first model's area minus the second's, with the normal interval
 * @param z the difference in standard errors; undefined if the standard error is 0
 * @param p the two-sided p-value, undefined likewise
 */
public record DeLongTest(Estimate difference, Estimate z, Estimate p) {

  /** Rounding may leave this much of a variance of 0. */
  private static final double ZERO_VARIANCE_TOLERANCE = 1e-24;

  /**
   * {@return the comparison of two models, in O(n log n)}
   *
   * @param first one model's scores
   * @param second the other model's for the same examples in the same order
   * @throws IllegalArgumentException if the labels differ
   */
  public static DeLongTest of(LabelledScores first, LabelledScores second) {
    requireSameLabels(first, second);
    RankingMetrics ofFirst = RankingMetrics.of(first);
    RankingMetrics ofSecond = RankingMetrics.of(second);
    String reason =
        ofFirst.singleClassReason() != null
            ? ofFirst.singleClassReason()
            : ofSecond.singleClassReason();
    if (reason == null && Math.min(ofFirst.positives(), ofFirst.negatives()) < 2) {
      reason = "fewer than two examples of a class";
    }
    if (reason != null) {
      Estimate undefined = new Estimate.Undefined(reason);
      return new DeLongTest(undefined, undefined, undefined);
    }
    double[] differences = new double[first.length()];
    for (int i = 0; i < differences.length; i++) {
      differences[i] =
          fractionRankedCorrectly(first, ofFirst, i) - fractionRankedCorrectly(second, ofSecond, i);
    }
    double difference = ofFirst.auroc().valueOr(0) - ofSecond.auroc().valueOr(0);
    double variance = 0;
    for (int i = 0; i < differences.length; i++) {
      double own = first.isPositive(i) ? ofFirst.positives() : ofFirst.negatives();
      variance +=
          first.weights(i)
              * (differences[i] - difference)
              * (differences[i] - difference)
              / (own - 1)
              / own;
    }
    long n = first.size();
    Estimate withInterval =
        new Estimate.Defined(difference, n, Interval.normal(difference, variance));
    if (variance < ZERO_VARIANCE_TOLERANCE) {
      Estimate undefined = new Estimate.Undefined("the difference has no variance");
      return new DeLongTest(withInterval, undefined, undefined);
    }
    double z = difference / Math.sqrt(variance);
    double p = 2 * new NormalDistribution().cumulativeProbability(-Math.abs(z));
    return new DeLongTest(withInterval, new Estimate.Defined(z, n), new Estimate.Defined(p, n));
  }

  private static void requireSameLabels(LabelledScores first, LabelledScores second) {
    boolean same = first.length() == second.length();
    for (int i = 0; same && i < first.length(); i++) {
      same = first.isPositive(i) == second.isPositive(i);
    }
    if (!same) {
      throw new IllegalArgumentException(
          "expected the same labels, found different ones in %d and %d examples; compare models on the same examples in the same order"
              .formatted(first.length(), second.length()));
    }
  }

  /**
   * The share of the other class that is ranked correctly against an example, a tie counting half.
   */
  private static double fractionRankedCorrectly(
      LabelledScores examples, RankingMetrics ranking, int example) {
    int cutoff = Math.max(0, ranking.cutoffsFrom(examples.score(example)) - 1);
    return examples.isPositive(example)
        ? (ranking.negatives()
                - ranking.falsePositives(cutoff)
                + ranking.negativesTied(cutoff) / 2.0)
            / ranking.negatives()
        : (ranking.truePositives(cutoff) - ranking.positivesTied(cutoff) / 2.0)
            / ranking.positives();
  }
}
