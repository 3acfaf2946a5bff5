package dev.cxr.eval.evaluation;

import dev.cxr.data.index.Finding;
import dev.cxr.eval.metrics.ConfusionMatrix;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.PatientBootstrap;
import dev.cxr.eval.prediction.ImagePrediction;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/**
 * How many images are so unlike the training images that the model should not predict them, by the
 * score of {@link dev.cxr.models.ood.OutOfDistributionScorer}, which serving returns too. The limit
 * is chosen on validation, whose patients are not in training.
 *
 * @param limit the highest score that is accepted: the {@value #KEPT_QUANTILE} quantile of
 *     validation
 * @param validationRejected the rejected share of validation, about 5 %
 * @param rejected the rejected share of the evaluated images
 * @param byFinding the same for each finding
 * @param sensitivity of accepted images at the operating threshold
 * @param specificity of accepted images at the operating threshold
 */
public record OutOfDistributionMetrics(
    Estimate limit,
    Estimate validationRejected,
    Estimate rejected,
    List<ByFinding> byFinding,
    Estimate sensitivity,
    Estimate specificity) {

  private static final double KEPT_QUANTILE = 0.95;

  /** The rejected share of the images of one finding. */
  public record ByFinding(Finding finding, Estimate rejected) {}

  /** {@return the metrics of scores, which every evaluated image must have} */
  static OutOfDistributionMetrics of(
      LabelledPredictions evaluated,
      LabelledPredictions validation,
      double threshold,
      PatientBootstrap bootstrap) {
    double[] validationScores = scores(validation);
    double[] evaluatedScores = scores(evaluated);
    if (validationScores.length == 0
        || !allFinite(validationScores)
        || !allFinite(evaluatedScores)) {
      return undefined(
          validationScores.length == 0
              ? "no validation image to choose the limit on"
              : "a score is not finite");
    }
    double[] sorted = validationScores.clone();
    Arrays.sort(sorted);
    double limit = sorted[(int) Math.ceil(KEPT_QUANTILE * sorted.length) - 1];
    LabelledPredictions kept = evaluated.filter(p -> score(p) <= limit);
    ConfusionMatrix accepted = ConfusionMatrix.of(kept.scores(), threshold);
    return new OutOfDistributionMetrics(
        new Estimate.Defined(limit, validationScores.length),
        rejectedShare(validationScores, limit),
        bootstrap.resample(times -> rejectedShare(evaluatedScores, limit, times)).estimate(e -> e),
        rejectedByFinding(evaluated, limit),
        accepted.recall(),
        accepted.specificity());
  }

  private static OutOfDistributionMetrics undefined(String reason) {
    Estimate none = new Estimate.Undefined(reason);
    return new OutOfDistributionMetrics(none, none, none, List.of(), none, none);
  }

  private static List<ByFinding> rejectedByFinding(LabelledPredictions evaluated, double limit) {
    return Arrays.stream(Finding.values())
        .filter(finding -> evaluated.predictions().stream().anyMatch(hasFinding(finding)))
        .map(
            finding ->
                new ByFinding(
                    finding, rejectedShare(scores(evaluated.filter(hasFinding(finding))), limit)))
        .toList();
  }

  private static Predicate<ImagePrediction> hasFinding(Finding finding) {
    return p -> p.finding() == finding;
  }

  private static Estimate rejectedShare(double[] scores, double limit) {
    int[] once = new int[scores.length];
    Arrays.fill(once, 1);
    return rejectedShare(scores, limit, once);
  }

  private static Estimate rejectedShare(double[] scores, double limit, int[] weights) {
    long far = 0;
    long all = 0;
    for (int i = 0; i < scores.length; i++) {
      far += scores[i] > limit ? weights[i] : 0;
      all += weights[i];
    }
    return Estimate.proportion(far, all, "no example");
  }

  private static double[] scores(LabelledPredictions rows) {
    return rows.predictions().stream().mapToDouble(OutOfDistributionMetrics::score).toArray();
  }

  private static double score(ImagePrediction p) {
    return p.outOfDistributionScore().orElse(Double.NaN);
  }

  private static boolean allFinite(double[] scores) {
    return Arrays.stream(scores).allMatch(Double::isFinite);
  }
}
