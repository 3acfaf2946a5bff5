package dev.cxr.eval.figures;

import dev.cxr.data.index.Task;
import dev.cxr.eval.metrics.LabelledClasses;
import dev.cxr.eval.metrics.LabelledScores;
import dev.cxr.eval.prediction.Change;
import dev.cxr.eval.prediction.Prediction;
import dev.cxr.eval.prediction.Trait;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/** Predictions of one split, as the metrics take them. */
record Rows(Task task, List<Prediction> predictions) {

  boolean[] positive() {
    boolean[] positive = new boolean[predictions.size()];
    for (int i = 0; i < positive.length; i++) {
      positive[i] = task.isPositive(predictions.get(i).finding());
    }
    return positive;
  }

  /** Some of them. */
  Rows those(Predicate<Prediction> which) {
    return new Rows(task, predictions.stream().filter(which).toList());
  }

  /** The positive class against the rest. */
  LabelledScores scores() {
    return scores(p -> p.positive(task));
  }

  LabelledScores scores(ToDoubleFunction<Prediction> score) {
    return new LabelledScores(predictions.stream().mapToDouble(score).toArray(), positive());
  }

  LabelledClasses classes() {
    return new LabelledClasses(
        task.classes(),
        predictions.stream()
            .map(p -> p.probabilities().stream().mapToDouble(Double::doubleValue).toArray())
            .toArray(double[][]::new),
        predictions.stream().mapToInt(p -> task.label(p.finding())).toArray());
  }

  /** By a trait, if every picture has it. */
  Optional<LabelledScores> by(Trait trait) {
    return predictions.stream().allMatch(p -> p.traits().containsKey(trait))
        ? Optional.of(scores(p -> p.traits().getOrDefault(trait, Double.NaN)))
        : Optional.empty();
  }

  /** After a change, if it was tried. */
  Optional<LabelledScores> after(Change change) {
    return !predictions.isEmpty()
            && predictions.stream().allMatch(p -> p.changed().containsKey(change))
        ? Optional.of(scores(p -> p.changed().getOrDefault(change, Double.NaN)))
        : Optional.empty();
  }

  /** Whether every picture was compared with the training pictures. */
  boolean compared() {
    return !predictions.isEmpty()
        && predictions.stream().allMatch(p -> p.trainingDistance().isPresent());
  }

  /** Whether every picture was given back by the network. */
  boolean rebuilt() {
    return !predictions.isEmpty() && predictions.stream().allMatch(p -> p.rebuilt().isPresent());
  }

  List<String> patients() {
    return predictions.stream().map(Prediction::patient).toList();
  }
}
