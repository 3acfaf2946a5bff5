package dev.cxr.eval.metrics;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How often a model is wrong if it may leave its least sure cases to someone else, as parallel
 * arrays: point {@code k} answers those with a confidence of at least {@code confidence[k]} (R.
 * El-Yaniv and Y. Wiener, "On the foundations of noise-free selective classification", JMLR 11,
 * 2010). It has no points where {@code area} is undefined.
 *
 * <p>The arrays are not copied, as in {@link RocCurve}.
 *
 * @param confidence the lowest that is answered, strictly falling
 * @param coverage the share of examples that is answered, in (0, 1], rising
 * @param risk the share of wrong answers among them, in [0, 1]
 * @param area the mean risk as examples are answered one by one from the surest down, in [0, 1] (Y.
 *     Geifman, G. Uziel, R. El-Yaniv, "Bias-reduced uncertainty estimation for deep neural
 *     classifiers", ICLR 2019); equally sure ones count as if they were equally often wrong
 */
@SuppressWarnings("ArrayRecordComponent") // plotted and written column by column, never compared
public record RiskCoverageCurve(
    double[] confidence, double[] coverage, double[] risk, Estimate area) {

  /**
   * A point of the curve with what it rests on.
   *
   * @param confidence the lowest that is answered
   * @param coverage the share of examples that is answered
   * @param risk the share of wrong answers among them
   */
  public record Point(double confidence, Estimate coverage, Estimate risk) {}

  /** The curve of decisions at a threshold; a logit far from the threshold's is a sure one. */
  public static RiskCoverageCurve of(
      LabelledScores probabilities, double threshold, PatientBootstrap bootstrap) {
    LabelledScores confidence = confidence(probabilities, threshold);
    return of(
        probabilities.undefinedReasonAsProbabilities(),
        confidence,
        resampled(confidence, bootstrap));
  }

  /** The same without an interval by patient. */
  public static RiskCoverageCurve of(LabelledScores probabilities, double threshold) {
    LabelledScores confidence = confidence(probabilities, threshold);
    return of(
        probabilities.undefinedReasonAsProbabilities(),
        confidence,
        BootstrapResult.none(area(confidence)));
  }

  /** The curve of the most probable classes; a high probability is a sure one. */
  public static RiskCoverageCurve of(LabelledProbabilities examples, PatientBootstrap bootstrap) {
    LabelledScores confidence = examples.confidence();
    return of(examples.undefinedReason(), confidence, resampled(confidence, bootstrap));
  }

  /** The same without an interval by patient. */
  public static RiskCoverageCurve of(LabelledProbabilities examples) {
    LabelledScores confidence = examples.confidence();
    return of(examples.undefinedReason(), confidence, BootstrapResult.none(area(confidence)));
  }

  /** Positive where the decision is right. */
  private static LabelledScores confidence(LabelledScores probabilities, double threshold) {
    double[] confidence = new double[probabilities.length()];
    boolean[] correct = new boolean[probabilities.length()];
    for (int i = 0; i < correct.length; i++) {
      confidence[i] =
          Math.abs(
              ProperScoringRules.logit(probabilities.score(i))
                  - ProperScoringRules.logit(threshold));
      correct[i] = (probabilities.score(i) >= threshold) == probabilities.isPositive(i);
    }
    return new LabelledScores(confidence, correct);
  }

  private static BootstrapResult<Estimate> resampled(
      LabelledScores confidence, PatientBootstrap bootstrap) {
    return bootstrap.resample(weights -> area(confidence.resample(weights)));
  }

  private static RiskCoverageCurve of(
      @Nullable String undefinedReason, LabelledScores confidence, BootstrapResult<Estimate> area) {
    RankedScores ranking = RankedScores.of(confidence);
    int points = undefinedReason == null ? ranking.cutoffs() : 0;
    double[] lowest = new double[points];
    double[] coverage = new double[points];
    double[] risk = new double[points];
    for (int k = 0; k < points; k++) {
      double answered = ranking.truePositives(k) + ranking.falsePositives(k);
      lowest[k] = ranking.score(k);
      coverage[k] = answered / ranking.size();
      risk[k] = ranking.falsePositives(k) / answered;
    }
    Estimate mean =
        undefinedReason != null
            ? new Estimate.Undefined(undefinedReason)
            : area.estimate(estimate -> estimate);
    return new RiskCoverageCurve(lowest, coverage, risk, mean);
  }

  private static Estimate area(LabelledScores confidence) {
    if (confidence.undefinedReason() != null) {
      return new Estimate.Undefined(confidence.undefinedReason());
    }
    RankedScores ranking = RankedScores.of(confidence);
    double sum = 0;
    long surer = 0;
    long wrongSurer = 0;
    for (int k = 0; k < ranking.cutoffs(); k++) {
      long wrong = ranking.falsePositives(k);
      long answered = ranking.truePositives(k) + wrong;
      long here = answered - surer;
      double wrongShare = (double) (wrong - wrongSurer) / here;
      for (long i = 1; i <= here; i++) {
        sum += (wrongSurer + i * wrongShare) / (surer + i);
      }
      surer = answered;
      wrongSurer = wrong;
    }
    return new Estimate.Defined(sum / ranking.size(), ranking.size());
  }

  /**
   * The surest point that answers enough.
   *
   * @param atLeast the share of examples to answer, in [0, 1]
   * @return the point, or none if the curve has none
   */
  public Optional<Point> atCoverage(double atLeast) {
    if (!(area instanceof Estimate.Defined defined)) {
      return Optional.empty();
    }
    int k = 0;
    while (k < coverage.length - 1 && coverage[k] < atLeast) {
      k++;
    }
    long answered = Math.round(coverage[k] * defined.n());
    return Optional.of(
        new Point(
            confidence[k],
            Estimate.proportion(answered, defined.n(), ""),
            Estimate.proportion(Math.round(risk[k] * answered), answered, "")));
  }
}
