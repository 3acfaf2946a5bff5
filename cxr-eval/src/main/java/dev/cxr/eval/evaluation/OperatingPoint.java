package dev.cxr.eval.evaluation;

import dev.cxr.eval.metrics.ChosenThreshold;
import dev.cxr.eval.metrics.ConfusionMatrix;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.LabelledScores;
import dev.cxr.eval.metrics.ThresholdRule;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A threshold chosen before the evaluation, and its metrics on the evaluated images.
 *
 * @param thresholdRule the rule in words
 * @param threshold the lowest probability that is predicted positive
 * @param confusion the counts on the evaluated images
 * @param sensitivity {@link ConfusionMatrix#recall}
 * @param specificity {@link ConfusionMatrix#specificity}
 * @param ppv {@link ConfusionMatrix#precision}
 * @param npv {@link ConfusionMatrix#npv}
 */
public record OperatingPoint(
    String thresholdRule,
    double threshold,
    ConfusionMatrix confusion,
    Estimate sensitivity,
    Estimate specificity,
    Estimate ppv,
    Estimate npv) {

  /** Rules that are shown beside the operating threshold. */
  private static final List<ThresholdRule> RULES =
      List.of(
          new ThresholdRule.Youden(),
          new ThresholdRule.Sensitivity(0.95),
          new ThresholdRule.Cost(5));

  /** Rules for anomaly detection: validation may have no anomaly. */
  private static final List<ThresholdRule> ANOMALY_RULES =
      List.of(
          new ThresholdRule.FalsePositiveRate(0.05),
          new ThresholdRule.FalsePositiveRate(0.1),
          new ThresholdRule.Youden());

  /** {@return the operating threshold, then those that other rules choose on validation} */
  static List<OperatingPoint> of(
      EvaluationSettings settings, LabelledPredictions evaluated, LabelledPredictions validation) {
    LabelledScores scores = evaluated.scores();
    List<OperatingPoint> points = new ArrayList<>();
    points.add(at(settings.thresholdRule(), settings.threshold(), scores));
    for (ThresholdRule rule : settings.task().isAnomaly() ? ANOMALY_RULES : RULES) {
      ChosenThreshold choice = rule.choose(validation.scores());
      String chosenRule = choice.rule();
      points.add(
          at(
              chosenRule.equals(rule.description())
                  ? chosenRule + " on validation"
                  : rule.description() + ": " + chosenRule,
              choice.value(),
              scores));
    }
    return List.copyOf(points);
  }

  static OperatingPoint at(String chosenBy, double threshold, LabelledScores scores) {
    ConfusionMatrix counts = ConfusionMatrix.of(scores, threshold);
    return new OperatingPoint(
        chosenBy,
        threshold,
        counts,
        orUndefined(scores.undefinedReason(), counts.recall()),
        orUndefined(scores.undefinedReason(), counts.specificity()),
        orUndefined(scores.crossClassReason(), counts.precision()),
        orUndefined(scores.crossClassReason(), counts.npv()));
  }

  private static Estimate orUndefined(@Nullable String undefinedReason, Estimate metric) {
    return undefinedReason == null ? metric : new Estimate.Undefined(undefinedReason);
  }
}
