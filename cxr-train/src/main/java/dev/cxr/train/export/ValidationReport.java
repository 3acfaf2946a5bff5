package dev.cxr.train.export;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import dev.cxr.data.index.Task;
import dev.cxr.eval.metrics.BinaryMetrics;
import dev.cxr.eval.metrics.MultiClassMetrics;
import dev.cxr.eval.report.ReportText;
import dev.cxr.models.bundle.OperatingThreshold;
import dev.cxr.train.loop.ValidationScores;
import java.util.Optional;

/**
 * The metrics of a model on validation.
 *
 * @param task what the model predicts
 * @param threshold the operating threshold
 * @param binary metrics of the positive class at that threshold, with intervals
 * @param classes metrics of each class, if there are more than two
 * @since 0.1
 */
public record ValidationReport(
    Task task,
    OperatingThreshold threshold,
    BinaryMetrics binary,
    Optional<MultiClassMetrics> classes) {

  private static final Gson GSON = new Gson();

  static ValidationReport of(ValidationScores scores, OperatingThreshold threshold) {
    return new ValidationReport(
        scores.task(),
        threshold,
        BinaryMetrics.of(scores.positiveScores(), threshold.value()),
        scores.task().classes().size() > 2
            ? Optional.of(MultiClassMetrics.of(scores.classes()))
            : Optional.empty());
  }

  /** The metrics without the curve, which would be most of the file. */
  JsonObject toJson() {
    JsonObject metrics = GSON.toJsonTree(binary).getAsJsonObject();
    metrics.remove("roc");
    metrics.remove("youden");
    metrics.remove("threshold");
    classes.ifPresent(
        report -> {
          metrics.add("classesConfusion", GSON.toJsonTree(report.confusion()));
          metrics.add("classesAccuracy", GSON.toJsonTree(report.accuracy()));
          metrics.add("classesBalancedAccuracy", GSON.toJsonTree(report.balancedAccuracy()));
          metrics.add("classesMacroF1", GSON.toJsonTree(report.macro().f1()));
        });
    return metrics;
  }

  /** {@return as text for a terminal} */
  public String toText() {
    return ReportText.of(binary, task, threshold.rule())
        + classes.map(report -> System.lineSeparator() + ReportText.of(report)).orElse("");
  }
}
