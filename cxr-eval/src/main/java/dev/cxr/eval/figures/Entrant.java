package dev.cxr.eval.figures;

import dev.cxr.eval.prediction.Prediction;
import java.util.List;

/**
 * A bundle in a comparison.
 *
 * @param label its name, which no other has
 * @param recipe the same for bundles that differ in their seed alone; empty where that is not known
 * @param settings its task and threshold
 * @param predictions one for each picture, in the order that all entrants have
 */
public record Entrant(
    String label, String recipe, Settings settings, List<Prediction> predictions) {

  boolean[] right() {
    boolean[] right = new boolean[predictions.size()];
    for (int i = 0; i < right.length; i++) {
      Prediction p = predictions.get(i);
      right[i] =
          (p.positive(settings.task()) >= settings.threshold())
              == settings.task().isPositive(p.finding());
    }
    return right;
  }

  boolean[] rightClass() {
    boolean[] right = new boolean[predictions.size()];
    for (int i = 0; i < right.length; i++) {
      Prediction p = predictions.get(i);
      right[i] = p.answer(settings.threshold()) == settings.task().label(p.finding());
    }
    return right;
  }
}
