package dev.cxr.eval.report;

import dev.cxr.eval.evaluation.BaselineMetrics;
import dev.cxr.eval.evaluation.EvaluationMetrics;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.Interval;
import java.util.Locale;
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

  /** Percentages of the range 0.5 to 1: interval and value. */
  record Position(String from, String width, String value) {}

  /** The model, then the baselines. */
  static Stream<AurocBar> baselines(EvaluationMetrics metrics) {
    return Stream.concat(
        Stream.of(new AurocBar("the model", metrics.binary().auroc(), Optional.empty(), "", false)),
        metrics.baselines().stream().map(AurocBar::of));
  }

  private static AurocBar of(BaselineMetrics baseline) {
    Optional<Estimate> advantage = baseline.modelAdvantage().map(test -> test.difference());
    boolean notBetter =
        advantage.orElse(null) instanceof Estimate.Defined defined
            && defined.interval() != null
            && defined.interval().low() <= 0;
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

  /** Where the bar is drawn; empty if the AUROC is not defined. */
  Optional<Position> position() {
    if (!(auroc instanceof Estimate.Defined defined)) {
      return Optional.empty();
    }
    Interval interval = defined.interval();
    double low = percentOfRange(interval == null ? defined.value() : interval.low());
    double high = percentOfRange(interval == null ? defined.value() : interval.high());
    return Optional.of(
        new Position(percent(low), percent(high - low), percent(percentOfRange(defined.value()))));
  }

  private static double percentOfRange(double area) {
    return 200 * Math.max(0, area - 0.5);
  }

  private static String percent(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
