package dev.cxr.eval.evaluation;

import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.LabelledScores;
import dev.cxr.eval.metrics.RankingMetrics;
import dev.cxr.eval.metrics.comparison.DeLongTest;
import dev.cxr.eval.prediction.BaselineFeature;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The AUROC of a baseline that never sees the lungs, on the same images.
 *
 * @param name of the feature
 * @param direction whether greater values are positive, and how that was chosen
 * @param auroc with DeLong's interval
 * @param modelAdvantage the model's area minus this one, by DeLong's test
 */
public record BaselineMetrics(
    String name, String direction, Estimate auroc, Optional<DeLongTest> modelAdvantage) {

  static List<BaselineMetrics> of(LabelledPredictions evaluated, LabelledPredictions validation) {
    List<BaselineMetrics> baselines = new ArrayList<>();
    for (BaselineFeature feature : BaselineFeature.values()) {
      if (feature.isTrained() && evaluated.scoresByFeature(feature).isEmpty()) {
        continue; // not computed
      }
      baselines.add(of(feature, evaluated, validation));
    }
    return List.copyOf(baselines);
  }

  private static BaselineMetrics of(
      BaselineFeature feature, LabelledPredictions evaluated, LabelledPredictions validation) {
    Optional<LabelledScores> own = evaluated.scoresByFeature(feature);
    if (own.isEmpty()) {
      return undefined(feature, "not every image has its own file");
    }
    if (feature.isTrained()) {
      return evaluate(feature, "fitted on train", own.get(), evaluated);
    }
    Estimate onValidation =
        validation
            .scoresByFeature(feature)
            .map(scores -> RankingMetrics.of(scores).auroc())
            .orElse(new Estimate.Undefined("not every image has its own file"));
    if (onValidation instanceof Estimate.Undefined none) {
      return undefined(feature, "the direction cannot be chosen on validation: " + none.reason());
    }
    boolean greater = onValidation.valueOr(0) >= 0.5;
    String direction = greater ? "greater is positive" : "smaller is positive";
    LabelledScores turned = greater ? own.get() : own.get().mapScores(value -> -value);
    return evaluate(feature, direction + ", as on validation", turned, evaluated);
  }

  private static BaselineMetrics evaluate(
      BaselineFeature feature,
      String direction,
      LabelledScores own,
      LabelledPredictions evaluated) {
    return new BaselineMetrics(
        feature.title(),
        direction,
        RankingMetrics.of(own).auroc(),
        evaluated.sources() == ClassSources.SHARED
            ? Optional.of(DeLongTest.of(evaluated.scores(), own))
            : Optional.empty()); // the AUROC shows how separable the sources are
  }

  private static BaselineMetrics undefined(BaselineFeature feature, String reason) {
    return new BaselineMetrics(
        feature.title(), "", new Estimate.Undefined(reason), Optional.empty());
  }
}
