package dev.cxr.eval.comparison;

import dev.cxr.eval.evaluation.EvaluationSettings;
import dev.cxr.eval.prediction.ImagePrediction;
import java.util.List;

/**
 * A model to compare.
 *
 * @param label its unique name
 * @param recipe equal for models that differ only in their seed; empty if unknown
 * @param settings its task and threshold
 * @param predictions one for each image, in the same order for all models
 */
public record ModelEntry(
    String label, String recipe, EvaluationSettings settings, List<ImagePrediction> predictions) {

  boolean[] correctDecisions() {
    boolean[] correct = new boolean[predictions.size()];
    for (int i = 0; i < correct.length; i++) {
      ImagePrediction p = predictions.get(i);
      correct[i] =
          (p.positiveProbability(settings.task()) >= settings.threshold())
              == settings.task().isPositive(p.finding());
    }
    return correct;
  }

  boolean[] correctClasses() {
    boolean[] correct = new boolean[predictions.size()];
    for (int i = 0; i < correct.length; i++) {
      ImagePrediction p = predictions.get(i);
      correct[i] = p.predictedClass(settings.threshold()) == settings.task().label(p.finding());
    }
    return correct;
  }
}
