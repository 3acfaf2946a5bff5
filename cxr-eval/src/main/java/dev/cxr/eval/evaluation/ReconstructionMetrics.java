package dev.cxr.eval.evaluation;

import dev.cxr.eval.metrics.ChosenThreshold;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.LabelledScores;
import dev.cxr.eval.metrics.RankedScores;
import dev.cxr.eval.metrics.ThresholdRule;
import dev.cxr.eval.prediction.ImagePrediction;
import dev.cxr.eval.prediction.ReconstructionScore;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * How well anomalies are told by what a network gives back badly.
 *
 * @param name what is taken for the score, the higher the less normal
 * @param auroc with DeLong's interval
 * @param operatingPoint the threshold that calls at most 5 % of the validation normals, and what it
 *     gives
 */
public record ReconstructionMetrics(String name, Estimate auroc, OperatingPoint operatingPoint) {

  private static final ThresholdRule RULE = new ThresholdRule.FalsePositiveRate(0.05);

  static List<ReconstructionMetrics> of(
      LabelledPredictions evaluated, LabelledPredictions validation) {
    return List.of(
        of("mean squared error", ReconstructionScore::meanSquaredError, evaluated, validation),
        of(
            "1 − structural similarity",
            reconstruction -> 1 - reconstruction.ssim(),
            evaluated,
            validation));
  }

  private static ReconstructionMetrics of(
      String name,
      ToDoubleFunction<ReconstructionScore> score,
      LabelledPredictions evaluated,
      LabelledPredictions validation) {
    ToDoubleFunction<ImagePrediction> of =
        p -> p.reconstruction().map(score::applyAsDouble).orElse(Double.NaN);
    LabelledScores scores = evaluated.scores(of);
    ChosenThreshold chosen = RULE.choose(validation.scores(of));
    return new ReconstructionMetrics(
        name,
        RankedScores.of(scores).auroc(),
        OperatingPoint.at(chosen.rule() + " on validation", chosen.value(), scores));
  }

  /** The same without its area, which mixes the classes. */
  ReconstructionMetrics withoutCrossClass() {
    return new ReconstructionMetrics(
        name, new Estimate.Undefined(ClassSources.REASON), operatingPoint.withoutCrossClass());
  }
}
