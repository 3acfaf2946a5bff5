package dev.cxr.eval.evaluation;

import dev.cxr.eval.metrics.ChosenThreshold;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.LabelledScores;
import dev.cxr.eval.metrics.RankingMetrics;
import dev.cxr.eval.metrics.ThresholdRule;
import dev.cxr.eval.prediction.ImagePrediction;
import dev.cxr.eval.prediction.ReconstructionScore;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * How well the reconstruction error of an autoencoder detects anomalies.
 *
 * @param name of the score; a higher score is less normal
 * @param auroc with DeLong's interval
 * @param operatingPoint the threshold with a false positive rate of at most 5 % on validation
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
        RankingMetrics.of(scores).auroc(),
        OperatingPoint.at(chosen.rule() + " on validation", chosen.value(), scores));
  }
}
