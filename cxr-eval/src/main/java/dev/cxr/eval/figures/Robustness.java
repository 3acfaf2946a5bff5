package dev.cxr.eval.figures;

import dev.cxr.eval.metrics.ConfusionMatrix;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.LabelledScores;
import dev.cxr.eval.metrics.Ranking;
import dev.cxr.eval.metrics.comparison.DeLongTest;
import dev.cxr.eval.prediction.Change;
import java.util.Arrays;
import java.util.List;

/**
 * The model on the same pictures after a change to them.
 *
 * @param change what was done
 * @param hidesLungs whether an honest model can only guess then
 * @param auroc with DeLong's interval
 * @param difference to the unchanged pictures, by DeLong's test; negative where the change hurts
 * @param sensitivity at the operating threshold
 * @param specificity at the operating threshold
 */
public record Robustness(
    String change,
    boolean hidesLungs,
    Estimate auroc,
    DeLongTest difference,
    Estimate sensitivity,
    Estimate specificity) {

  static List<Robustness> of(Rows judged, double threshold) {
    LabelledScores unchanged = judged.scores();
    return Arrays.stream(Change.values())
        .flatMap(
            change ->
                judged
                    .after(change)
                    .map(scores -> of(change, scores, unchanged, threshold))
                    .stream())
        .toList();
  }

  /** The same without what mixes the classes. */
  Robustness apart() {
    Estimate none = new Estimate.Undefined(ClassSources.REASON);
    return new Robustness(
        change, hidesLungs, none, new DeLongTest(none, none, none), sensitivity, specificity);
  }

  private static Robustness of(
      Change change, LabelledScores scores, LabelledScores unchanged, double threshold) {
    ConfusionMatrix counts = ConfusionMatrix.of(scores, threshold);
    return new Robustness(
        change.title(),
        change.hidesLungs(),
        Ranking.of(scores).auroc(),
        DeLongTest.of(scores, unchanged),
        counts.recall(),
        counts.specificity());
  }
}
