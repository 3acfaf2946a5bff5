package dev.cxr.eval.evaluation;

import dev.cxr.data.index.Finding;
import dev.cxr.eval.metrics.ConfusionMatrix;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.LabelledScores;
import dev.cxr.eval.metrics.PatientBootstrap;
import dev.cxr.eval.prediction.ImagePrediction;
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
    if (validation.predictions().isEmpty()) {
      return undefined("no validation image to choose the limit on");
    }
    LabelledScores validationScores = scores(validation);
    LabelledScores evaluatedScores = scores(evaluated);
    if (validationScores.undefinedReason() != null || evaluatedScores.undefinedReason() != null) {
      return undefined("a score is not finite");
    }
    double[] sorted =
        validation.predictions().stream()
            .mapToDouble(OutOfDistributionMetrics::score)
            .sorted()
            .toArray();
    double limit = sorted[(int) Math.ceil(KEPT_QUANTILE * sorted.length) - 1];
    LabelledPredictions kept = evaluated.filter(p -> score(p) <= limit);
    ConfusionMatrix accepted = ConfusionMatrix.of(kept.scores(), threshold);
    return new OutOfDistributionMetrics(
        new Estimate.Defined(limit, sorted.length),
        rejectedShare(validationScores, limit),
        bootstrap
            .resample(weights -> rejectedShare(evaluatedScores.withWeights(weights), limit))
            .estimate(share -> share),
        rejectedByFinding(evaluated, limit),
        accepted.recall(),
        accepted.specificity());
  }

  private static OutOfDistributionMetrics undefined(String reason) {
    Estimate none = new Estimate.Undefined(reason);
    return new OutOfDistributionMetrics(none, none, none, List.of(), none, none);
  }

  private static List<ByFinding> rejectedByFinding(LabelledPredictions evaluated, double limit) {
    return evaluated.findings().stream()
        .map(
            finding ->
                new ByFinding(
                    finding, rejectedShare(scores(evaluated.filter(hasFinding(finding))), limit)))
        .toList();
  }

  private static Predicate<ImagePrediction> hasFinding(Finding finding) {
    return p -> p.finding().equals(finding);
  }

  private static Estimate rejectedShare(LabelledScores scores, double limit) {
    return ConfusionMatrix.of(scores, Math.nextUp(limit)).recall();
  }

  /** The scores, each a positive example, so that recall is the share at or above a threshold. */
  private static LabelledScores scores(LabelledPredictions rows) {
    return LabelledScores.of(
        rows.predictions().size(), i -> score(rows.predictions().get(i)), i -> true);
  }

  private static double score(ImagePrediction p) {
    return p.outOfDistributionScore().orElse(Double.NaN);
  }
}
