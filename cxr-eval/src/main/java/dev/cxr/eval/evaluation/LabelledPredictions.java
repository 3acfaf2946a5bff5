package dev.cxr.eval.evaluation;

import dev.cxr.data.index.Finding;
import dev.cxr.data.index.Task;
import dev.cxr.eval.metrics.LabelledProbabilities;
import dev.cxr.eval.metrics.LabelledScores;
import dev.cxr.eval.prediction.BaselineFeature;
import dev.cxr.eval.prediction.ImagePrediction;
import dev.cxr.eval.prediction.Perturbation;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Predictions with their labels, in the forms that metrics need.
 *
 * @param task of the model
 * @param predictions in order
 * @param sources whether metrics may compare classes
 */
public record LabelledPredictions(
    Task task, List<ImagePrediction> predictions, ClassSources sources) {

  /**
   * {@return the selected predictions}
   *
   * @param which selects predictions
   */
  public LabelledPredictions filter(Predicate<ImagePrediction> which) {
    return new LabelledPredictions(task, predictions.stream().filter(which).toList(), sources);
  }

  /** {@return the scores of the positive class against the rest} */
  public LabelledScores scores() {
    return scores(p -> p.positiveProbability(task));
  }

  /**
   * {@return the scores of the positive class against the rest}
   *
   * @param task whose classes these are
   * @param classes the probabilities of all classes
   */
  public static LabelledScores scores(Task task, LabelledProbabilities classes) {
    int positive = task.classes().indexOf(task.positiveClass());
    return positive < 0 ? classes.restVersusOne(0) : classes.oneVersusRest(positive);
  }

  /** The actual findings, in order. */
  List<Finding> findings() {
    return predictions.stream().map(ImagePrediction::finding).distinct().sorted().toList();
  }

  LabelledScores scores(ToDoubleFunction<ImagePrediction> score) {
    return sharedScores(score).withoutCrossClass(crossClassReason());
  }

  private LabelledScores sharedScores(ToDoubleFunction<ImagePrediction> score) {
    return LabelledScores.of(
        predictions.size(),
        i -> score.applyAsDouble(predictions.get(i)),
        i -> task.isPositive(predictions.get(i).finding()));
  }

  private @Nullable String crossClassReason() {
    return sources == ClassSources.SHARED ? null : ClassSources.REASON;
  }

  /** {@return the probabilities of all classes} */
  public LabelledProbabilities classes() {
    return new LabelledProbabilities(
            task.classes(),
            predictions.stream()
                .map(p -> p.probabilities().stream().mapToDouble(Double::doubleValue).toArray())
                .toArray(double[][]::new),
            predictions.stream().mapToInt(p -> task.label(p.finding())).toArray())
        .withoutCrossClass(crossClassReason());
  }

  /** {@return a baseline feature as the score, if every image has it} */
  Optional<LabelledScores> scoresByFeature(BaselineFeature feature) {
    return predictions.stream().allMatch(p -> p.baselineFeatures().containsKey(feature))
        ? Optional.of(sharedScores(p -> p.baselineFeatures().getOrDefault(feature, Double.NaN)))
        : Optional.empty();
  }

  /** {@return the scores after a perturbation, if computed} */
  Optional<LabelledScores> perturbedScores(Perturbation perturbation) {
    return hasAll(p -> p.perturbedProbabilities().containsKey(perturbation))
        ? Optional.of(
            scores(p -> p.perturbedProbabilities().getOrDefault(perturbation, Double.NaN)))
        : Optional.empty();
  }

  /** {@return whether every image has a value, and there are images} */
  boolean hasAll(Predicate<ImagePrediction> value) {
    return !predictions.isEmpty() && predictions.stream().allMatch(value);
  }

  /** {@return the patient group of each prediction} */
  public List<String> patients() {
    return predictions.stream().map(ImagePrediction::patient).toList();
  }
}
