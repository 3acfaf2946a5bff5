package dev.cxr.eval.figures;

import dev.cxr.data.index.Task;
import dev.cxr.eval.metrics.BinaryReport;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.MultiClassReport;
import java.util.Optional;

/**
 * What the same model at the same threshold achieves on validation. Threshold and epoch were chosen
 * there, so it flatters; where the judged split gives much less, or much more, the pictures of the
 * two differ. Intervals take pictures for independent.
 *
 * @param accuracy {@link BinaryReport#accuracy}
 * @param auroc {@link BinaryReport#auroc}
 * @param recall {@link BinaryReport#recall}
 * @param specificity {@link BinaryReport#specificity}
 * @param classesAccuracy of three classes, {@link MultiClassReport#accuracy}; else empty
 * @param causeAuroc of three classes, the AUROC of {@link Stages#cause}; else empty
 */
public record Promised(
    Estimate accuracy,
    Estimate auroc,
    Estimate recall,
    Estimate specificity,
    Optional<Estimate> classesAccuracy,
    Optional<Estimate> causeAuroc) {

  /** Empty where there is no validation, or it is what is judged. */
  static Optional<Promised> of(Settings settings, Rows judged, Rows validation) {
    if (validation.predictions().isEmpty() || validation.equals(judged)) {
      return Optional.empty();
    }
    BinaryReport binary = BinaryReport.of(validation.scores(), settings.threshold());
    boolean several = settings.task() == Task.THREE_CLASS;
    return Optional.of(
        new Promised(
            binary.accuracy(),
            binary.auroc(),
            binary.recall(),
            binary.specificity(),
            several
                ? Optional.of(MultiClassReport.of(validation.classes()).accuracy())
                : Optional.empty(),
            several ? Optional.of(Stages.causeAuroc(validation)) : Optional.empty()));
  }

  /** The same without what mixes the classes. */
  Promised apart() {
    Estimate none = new Estimate.Undefined(ClassSources.REASON);
    return new Promised(none, none, recall, specificity, Optional.empty(), Optional.empty());
  }
}
