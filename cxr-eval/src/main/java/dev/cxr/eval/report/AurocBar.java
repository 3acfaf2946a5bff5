package dev.cxr.eval.report;

import dev.cxr.eval.evaluation.BaselineMetrics;
import dev.cxr.eval.evaluation.EvaluationMetrics;
import dev.cxr.eval.metrics.Estimate;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An AUROC drawn beside that of the model.
 *
 * @param name what is measured
 * @param auroc with its interval by DeLong
 * @param difference to the model; empty for the model itself
 * @param note more about it
 * @param warning whether the model is not shown to be better
 */
record AurocBar(
    String name, Estimate auroc, Optional<Estimate> difference, String note, boolean warning) {

  /** The model, then the baselines. */
  static Stream<AurocBar> baselines(EvaluationMetrics metrics) {
    return Stream.concat(
        Stream.of(new AurocBar("the model", metrics.binary().auroc(), Optional.empty(), "", false)),
        metrics.baselines().stream().map(AurocBar::of));
  }

  private static AurocBar of(BaselineMetrics baseline) {
    Optional<Estimate> advantage = baseline.modelAdvantage().map(test -> test.difference());
    boolean notBetter =
        advantage.map(Estimate::bestInterval).filter(interval -> interval.low() <= 0).isPresent();
    return new AurocBar(
        baseline.name(), baseline.auroc(), advantage, baseline.direction(), notBetter);
  }

  /** The unchanged images, then the perturbed ones; empty if none was measured. */
  static Stream<AurocBar> robustness(EvaluationMetrics metrics) {
    return metrics.robustness().isEmpty()
        ? Stream.empty()
        : Stream.concat(
            Stream.of(
                new AurocBar(
                    "unchanged",
                    metrics.binary().auroc(),
                    Optional.empty(),
                    note(metrics.binary().recall(), metrics.binary().specificity()),
                    false)),
            metrics.robustness().stream()
                .map(
                    r ->
                        new AurocBar(
                            r.perturbation(),
                            r.auroc(),
                            Optional.of(r.difference().difference()),
                            note(r.sensitivity(), r.specificity()),
                            false)));
  }

  private static String note(Estimate sensitivity, Estimate specificity) {
    return MetricText.plain(sensitivity) + " / " + MetricText.plain(specificity);
  }
}
