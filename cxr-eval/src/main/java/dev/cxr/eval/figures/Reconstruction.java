package dev.cxr.eval.figures;

import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.LabelledScores;
import dev.cxr.eval.metrics.Ranking;
import dev.cxr.eval.metrics.Threshold;
import dev.cxr.eval.metrics.ThresholdRule;
import dev.cxr.eval.prediction.Prediction;
import dev.cxr.eval.prediction.Rebuilt;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * How well anomalies are told by what a network gives back badly.
 *
 * @param name what is taken for the score, the higher the less normal
 * @param auroc with DeLong's interval
 * @param at the threshold that calls at most 5 % of the validation normals, and what it gives
 */
public record Reconstruction(String name, Estimate auroc, OperatingPoint at) {

  private static final ThresholdRule RULE = new ThresholdRule.FalsePositiveRate(0.05);

  static List<Reconstruction> of(Rows judged, Rows validation) {
    return List.of(
        of("mean squared error", Rebuilt::meanSquaredError, judged, validation),
        of("1 − structural similarity", rebuilt -> 1 - rebuilt.ssim(), judged, validation));
  }

  private static Reconstruction of(
      String name, ToDoubleFunction<Rebuilt> score, Rows judged, Rows validation) {
    ToDoubleFunction<Prediction> of = p -> p.rebuilt().map(score::applyAsDouble).orElse(Double.NaN);
    LabelledScores scores = judged.scores(of);
    Threshold chosen = RULE.choose(validation.scores(of));
    return new Reconstruction(
        name,
        Ranking.of(scores).auroc(),
        OperatingPoint.at(chosen.chosenBy() + " on validation", chosen.value(), scores));
  }

  /** The same without its area, which mixes the classes. */
  Reconstruction apart() {
    return new Reconstruction(name, new Estimate.Undefined(ClassSources.REASON), at.apart());
  }
}
