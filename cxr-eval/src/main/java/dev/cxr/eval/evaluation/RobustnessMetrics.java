package dev.cxr.eval.evaluation;

import dev.cxr.eval.metrics.ConfusionMatrix;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.LabelledScores;
import dev.cxr.eval.metrics.RankingMetrics;
import dev.cxr.eval.metrics.comparison.DeLongTest;
import dev.cxr.eval.prediction.Perturbation;
import java.util.ArrayList;
import java.util.List;

/**
 * The model on perturbed images.
 *
 * @param perturbation its name
 * @param hidesLungs whether a sound model can only guess
 * @param auroc with DeLong's interval
 * @param difference to the original images, by DeLong's test; negative if the perturbation hurts
 * @param sensitivity at the operating threshold
 * @param specificity at the operating threshold
 */
public record RobustnessMetrics(
    String perturbation,
    boolean hidesLungs,
    Estimate auroc,
    DeLongTest difference,
    Estimate sensitivity,
    Estimate specificity) {

  static List<RobustnessMetrics> of(LabelledPredictions evaluated, double threshold) {
    LabelledScores unchanged = evaluated.scores();
    List<RobustnessMetrics> all = new ArrayList<>();
    for (Perturbation perturbation : Perturbation.values()) {
      evaluated
          .perturbedScores(perturbation)
          .ifPresent(scores -> all.add(of(perturbation, scores, unchanged, threshold)));
    }
    return List.copyOf(all);
  }

  private static RobustnessMetrics of(
      Perturbation perturbation,
      LabelledScores scores,
      LabelledScores unchanged,
      double threshold) {
    ConfusionMatrix counts = ConfusionMatrix.of(scores, threshold);
    return new RobustnessMetrics(
        perturbation.title(),
        perturbation.hidesLungs(),
        RankingMetrics.of(scores).auroc(),
        DeLongTest.of(scores, unchanged),
        counts.recall(),
        counts.specificity());
  }
}
