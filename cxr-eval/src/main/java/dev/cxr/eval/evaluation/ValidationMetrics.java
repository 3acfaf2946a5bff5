package dev.cxr.eval.evaluation;

import dev.cxr.data.index.Task;
import dev.cxr.eval.metrics.BinaryMetrics;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.MultiClassMetrics;
import java.util.Optional;

/**
 * What the same model at the same threshold achieves on validation. Threshold and epoch were chosen
 * there, so it flatters; where the judged split gives much less, or much more, the pictures of the
 * two differ. Intervals take pictures for independent.
 *
 * @param accuracy {@link BinaryMetrics#accuracy}
 * @param auroc {@link BinaryMetrics#auroc}
 * @param recall {@link BinaryMetrics#recall}
 * @param specificity {@link BinaryMetrics#specificity}
 * @param multiClassAccuracy of three classes, {@link MultiClassMetrics#accuracy}; else empty
 * @param bacterialVsViralAuroc of three classes, the AUROC of {@link
 *     CascadeMetrics#bacterialVsViral}; else empty
 */
public record ValidationMetrics(
    Estimate accuracy,
    Estimate auroc,
    Estimate recall,
    Estimate specificity,
    Optional<Estimate> multiClassAccuracy,
    Optional<Estimate> bacterialVsViralAuroc) {

  /** Empty where there is no validation, or it is what is judged. */
  static Optional<ValidationMetrics> of(
      EvaluationSettings settings, LabelledPredictions evaluated, LabelledPredictions validation) {
    if (validation.predictions().isEmpty() || validation.equals(evaluated)) {
      return Optional.empty();
    }
    BinaryMetrics binary = BinaryMetrics.of(validation.scores(), settings.threshold());
    boolean several = settings.task() == Task.THREE_CLASS;
    return Optional.of(
        new ValidationMetrics(
            binary.accuracy(),
            binary.auroc(),
            binary.recall(),
            binary.specificity(),
            several
                ? Optional.of(MultiClassMetrics.of(validation.classes()).accuracy())
                : Optional.empty(),
            several
                ? Optional.of(CascadeMetrics.bacterialVsViralAuroc(validation))
                : Optional.empty()));
  }

  /** The same without what mixes the classes. */
  ValidationMetrics withoutCrossClass() {
    Estimate none = new Estimate.Undefined(ClassSources.REASON);
    return new ValidationMetrics(
        none, none, recall, specificity, Optional.empty(), Optional.empty());
  }
}
