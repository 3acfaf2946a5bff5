package dev.cxr.eval.evaluation;

import dev.cxr.eval.metrics.BinaryMetrics;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.MultiClassMetrics;
import dev.cxr.eval.metrics.RankingMetrics;
import java.util.Optional;

/**
 * The same model at the same threshold on validation. These metrics are optimistic, because
 * threshold and epoch were chosen there. Intervals assume independent images.
 *
 * @param accuracy {@link BinaryMetrics#accuracy}
 * @param auroc {@link BinaryMetrics#auroc}
 * @param recall {@link BinaryMetrics#recall}
 * @param specificity {@link BinaryMetrics#specificity}
 * @param multiClassAccuracy with several classes, {@link MultiClassMetrics#accuracy}; else empty
 * @param bacterialVsViralAuroc of the three-class task, the AUROC of {@link
 *     CascadeMetrics#bacterialVsViral}; else empty
 */
public record ValidationMetrics(
    Estimate accuracy,
    Estimate auroc,
    Estimate recall,
    Estimate specificity,
    Optional<Estimate> multiClassAccuracy,
    Optional<Estimate> bacterialVsViralAuroc) {

  /** {@return the metrics; empty without validation, or if validation is evaluated} */
  static Optional<ValidationMetrics> of(
      EvaluationSettings settings, LabelledPredictions evaluated, LabelledPredictions validation) {
    if (validation.predictions().isEmpty()
        || validation.predictions().equals(evaluated.predictions())) {
      return Optional.empty();
    }
    LabelledPredictions rows =
        new LabelledPredictions(settings.task(), validation.predictions(), settings.classSources());
    BinaryMetrics binary = BinaryMetrics.of(rows.scores(), settings.threshold());
    boolean several =
        settings.task().isMultiClass() && settings.classSources() == ClassSources.SHARED;
    return Optional.of(
        new ValidationMetrics(
            binary.accuracy(),
            binary.auroc(),
            binary.recall(),
            binary.specificity(),
            several
                ? Optional.of(MultiClassMetrics.of(validation.classes()).accuracy())
                : Optional.empty(),
            several && CascadeMetrics.appliesTo(settings.task())
                ? Optional.of(
                    RankingMetrics.of(CascadeMetrics.bacterialVsViral(validation)).auroc())
                : Optional.empty()));
  }
}
