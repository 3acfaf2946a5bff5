package dev.cxr.eval.metrics;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The error rate of a model that abstains on its least confident examples, as parallel arrays:
 * point {@code k} predicts those with a confidence of at least {@code confidence[k]} (R. El-Yaniv
 * and Y. Wiener, "On the foundations of noise-free selective classification", JMLR 11, 2010). It is
 * empty if {@code area} is undefined.
 *
 * <p>The arrays are not copied, as in {@link RocCurve}.
 *
 * @param confidence the lowest that is predicted, strictly decreasing
 * @param coverage the share of examples that are predicted, in (0, 1], increasing
 * @param risk the share of wrong predictions among them, in [0, 1]
 * @param area the mean risk over all coverages, in [0, 1] (Y. Geifman, G. Uziel, R. El-Yaniv,
 *     "Bias-reduced uncertainty estimation for deep neural classifiers", ICLR 2019); tied examples
 *     share their error rate
 */
@SuppressWarnings("ArrayRecordComponent") // plotted and written column by column, never compared
public record RiskCoverageCurve(
    double[] confidence, double[] coverage, double[] risk, Estimate area) {

  /**
   * A point of the curve with intervals.
   *
   * @param coverage the share of examples that are predicted
   * @param risk the share of wrong predictions among them
   */
  public record Point(Estimate coverage, Estimate risk) {}

  /**
   * {@return the curve of decisions at a threshold; confidence is the logit's distance from it}
   *
   * @param probabilities probabilities in [0, 1]
   * @param threshold the lowest score that is predicted positive
   * @param bootstrap resamples the patients of the examples, in the same order
   */
  public static RiskCoverageCurve of(
      LabelledScores probabilities, double threshold, PatientBootstrap bootstrap) {
    return of(
        probabilities.undefinedReasonAsProbabilities(),
        confidence(probabilities, threshold),
        bootstrap);
  }

  /**
   * {@return the curve of predicted classes; confidence is the highest probability}
   *
   * @param examples the examples to evaluate
   * @param bootstrap resamples the patients of the examples, in the same order
   */
  public static RiskCoverageCurve of(LabelledProbabilities examples, PatientBootstrap bootstrap) {
    return of(examples.crossClassReason(), examples.confidence(), bootstrap);
  }

  /** Positive if the decision is correct. */
  private static LabelledScores confidence(LabelledScores probabilities, double threshold) {
    return LabelledScores.of(
        probabilities.length(),
        i -> Math.abs(Logit.of(probabilities.score(i)) - Logit.of(threshold)),
        i -> (probabilities.score(i) >= threshold) == probabilities.isPositive(i));
  }

  private static RiskCoverageCurve of(
      @Nullable String undefinedReason, LabelledScores confidence, PatientBootstrap bootstrap) {
    RankingMetrics ranking = RankingMetrics.of(confidence);
    int points = undefinedReason == null ? ranking.cutoffs() : 0;
    double[] lowest = new double[points];
    double[] coverage = new double[points];
    double[] risk = new double[points];
    for (int k = 0; k < points; k++) {
      double covered = ranking.truePositives(k) + ranking.falsePositives(k);
      lowest[k] = ranking.score(k);
      coverage[k] = covered / ranking.size();
      risk[k] = ranking.falsePositives(k) / covered;
    }
    Estimate mean =
        undefinedReason != null
            ? new Estimate.Undefined(undefinedReason)
            : bootstrap
                .resample(weights -> area(confidence.withWeights(weights)))
                .estimate(area -> area);
    return new RiskCoverageCurve(lowest, coverage, risk, mean);
  }

  private static Estimate area(LabelledScores confidence) {
    RankingMetrics ranking = RankingMetrics.of(confidence);
    double sum = 0;
    long before = 0;
    long wrongBefore = 0;
    for (int k = 0; k < ranking.cutoffs(); k++) {
      long wrong = ranking.falsePositives(k);
      long covered = ranking.truePositives(k) + wrong;
      long tied = covered - before;
      double wrongShare = (double) (wrong - wrongBefore) / tied;
      for (long i = 1; i <= tied; i++) {
        sum += (wrongBefore + i * wrongShare) / (before + i);
      }
      before = covered;
      wrongBefore = wrong;
    }
    return new Estimate.Defined(sum / ranking.size(), ranking.size());
  }

  /**
   * {@return the point of least coverage that still covers enough, or empty if the curve is}
   *
   * @param atLeast the share of examples to predict, in [0, 1]
   */
  public Optional<Point> atCoverage(double atLeast) {
    if (!(area instanceof Estimate.Defined defined)) {
      return Optional.empty();
    }
    int k = 0;
    while (k < coverage.length - 1 && coverage[k] < atLeast) {
      k++;
    }
    long covered = Math.round(coverage[k] * defined.n());
    return Optional.of(
        new Point(
            Estimate.proportion(covered, defined.n(), ""),
            Estimate.proportion(Math.round(risk[k] * covered), covered, "")));
  }
}
