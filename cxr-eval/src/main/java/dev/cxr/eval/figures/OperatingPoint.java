package dev.cxr.eval.figures;

import dev.cxr.data.index.Task;
import dev.cxr.eval.metrics.ConfusionMatrix;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.LabelledScores;
import dev.cxr.eval.metrics.Threshold;
import dev.cxr.eval.metrics.ThresholdRule;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A threshold that was chosen before the judged pictures were looked at, and what it gives on them.
 *
 * @param chosenBy the rule in words
 * @param threshold the lowest probability that is called positive
 * @param confusion the counts on the judged pictures
 * @param sensitivity {@link ConfusionMatrix#recall}
 * @param specificity {@link ConfusionMatrix#specificity}
 * @param ppv {@link ConfusionMatrix#precision}
 * @param npv {@link ConfusionMatrix#npv}
 */
public record OperatingPoint(
    String chosenBy,
    double threshold,
    ConfusionMatrix confusion,
    Estimate sensitivity,
    Estimate specificity,
    Estimate ppv,
    Estimate npv) {

  /** Rules that are always shown beside the operating threshold. */
  private static final List<ThresholdRule> RULES =
      List.of(
          new ThresholdRule.Youden(),
          new ThresholdRule.Sensitivity(0.95),
          new ThresholdRule.Cost(5));

  /** Of normals alone, for there need be no anomaly to choose on. */
  private static final List<ThresholdRule> OF_ANOMALIES =
      List.of(
          new ThresholdRule.FalsePositiveRate(0.05),
          new ThresholdRule.FalsePositiveRate(0.1),
          new ThresholdRule.Youden());

  /** The operating threshold first, then what other rules would have chosen on validation. */
  static List<OperatingPoint> of(Settings settings, Rows judged, Rows validation) {
    LabelledScores scores = judged.scores();
    List<OperatingPoint> points = new ArrayList<>();
    points.add(at(settings.thresholdChosenBy(), settings.threshold(), scores));
    for (ThresholdRule rule : settings.task() == Task.ANOMALY ? OF_ANOMALIES : RULES) {
      Threshold choice = rule.choose(validation.scores());
      String words = choice.chosenBy();
      points.add(
          at(
              words.equals(rule.words()) ? words + " on validation" : rule.words() + ": " + words,
              choice.value(),
              scores));
    }
    return List.copyOf(points);
  }

  /** The same without what mixes the classes. */
  OperatingPoint apart() {
    Estimate none = new Estimate.Undefined(ClassSources.REASON);
    return new OperatingPoint(chosenBy, threshold, confusion, sensitivity, specificity, none, none);
  }

  static OperatingPoint at(String chosenBy, double threshold, LabelledScores scores) {
    ConfusionMatrix counts = ConfusionMatrix.of(scores, threshold);
    String defect = scores.defect();
    return new OperatingPoint(
        chosenBy,
        threshold,
        counts,
        orWhy(defect, counts.recall()),
        orWhy(defect, counts.specificity()),
        orWhy(defect, counts.precision()),
        orWhy(defect, counts.npv()));
  }

  private static Estimate orWhy(@Nullable String defect, Estimate figure) {
    return defect == null ? figure : new Estimate.Undefined(defect);
  }
}
