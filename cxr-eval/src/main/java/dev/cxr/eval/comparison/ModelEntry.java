package dev.cxr.eval.comparison;

import dev.cxr.eval.evaluation.ClassSources;
import dev.cxr.eval.evaluation.EvaluationSettings;
import dev.cxr.eval.evaluation.LabelledPredictions;
import dev.cxr.eval.prediction.ImagePrediction;
import java.util.List;
import java.util.function.Predicate;

/**
 * A model to compare.
 *
 * @param label its unique name
 * @param seedGroup equal for models that differ only in their seed; empty if unknown
 * @param settings its task and threshold
 * @param predictions one for each image, in the same order for all models
 */
public record ModelEntry(
    String label,
    String seedGroup,
    EvaluationSettings settings,
    List<ImagePrediction> predictions) {

  LabelledPredictions rows() {
    return new LabelledPredictions(settings.task(), predictions, ClassSources.SHARED);
  }

  boolean[] correctDecisions() {
    return correct(
        p ->
            (p.positiveProbability(settings.task()) >= settings.threshold())
                == settings.task().isPositive(p.finding()));
  }

  boolean[] correctClasses() {
    return correct(
        p -> p.predictedClass(settings.threshold()) == settings.task().label(p.finding()));
  }

  private boolean[] correct(Predicate<ImagePrediction> isCorrect) {
    boolean[] correct = new boolean[predictions.size()];
    for (int i = 0; i < correct.length; i++) {
      correct[i] = isCorrect.test(predictions.get(i));
    }
    return correct;
  }
}
