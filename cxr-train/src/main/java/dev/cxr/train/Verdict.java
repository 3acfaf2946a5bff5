package dev.cxr.train;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import dev.cxr.data.index.Task;
import dev.cxr.eval.metrics.BinaryMetrics;
import dev.cxr.eval.metrics.MultiClassMetrics;
import dev.cxr.eval.report.ReportText;
import dev.cxr.models.bundle.Manifest;
import java.util.Optional;

/**
 * How what was learned does on validation.
 *
 * @param task the question
 * @param threshold the operating threshold
 * @param binary the positive class at that threshold
 * @param classes each class where there are more than two
 */
record Verdict(
    Task task,
    Manifest.Threshold threshold,
    BinaryMetrics binary,
    Optional<MultiClassMetrics> classes) {

  private static final Gson GSON = new Gson();

  static Verdict of(ValidationScores scores, Manifest.Threshold threshold) {
    return new Verdict(
        scores.task(),
        threshold,
        BinaryMetrics.of(scores.positives(), threshold.value()),
        scores.task().classes().size() > 2
            ? Optional.of(MultiClassMetrics.of(scores.classes()))
            : Optional.empty());
  }

  /** The figures without the curve, which would be most of a bundle's file. */
  JsonObject toJson() {
    JsonObject figures = GSON.toJsonTree(binary).getAsJsonObject();
    figures.remove("roc");
    figures.remove("youden");
    figures.remove("threshold");
    classes.ifPresent(
        report -> {
          figures.add("classesConfusion", GSON.toJsonTree(report.confusion()));
          figures.add("classesAccuracy", GSON.toJsonTree(report.accuracy()));
          figures.add("classesBalancedAccuracy", GSON.toJsonTree(report.balancedAccuracy()));
          figures.add("classesMacroF1", GSON.toJsonTree(report.macro().f1()));
        });
    return figures;
  }

  /** As a person reads it on a terminal. */
  String text() {
    return ReportText.of(binary, task, threshold.rule())
        + classes.map(report -> System.lineSeparator() + ReportText.of(report)).orElse("");
  }
}
