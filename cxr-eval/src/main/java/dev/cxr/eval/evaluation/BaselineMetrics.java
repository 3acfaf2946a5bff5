package dev.cxr.eval.evaluation;

import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.LabelledScores;
import dev.cxr.eval.metrics.RankingMetrics;
import dev.cxr.eval.metrics.comparison.DeLongTest;
import dev.cxr.eval.prediction.BaselineFeature;
import java.util.Arrays;
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

  private static final String NO_FILE = "not every image has its own file";

  static List<BaselineMetrics> of(LabelledPredictions evaluated, LabelledPredictions validation) {
    return Arrays.stream(BaselineFeature.values())
        .filter(feature -> !feature.isTrained() || evaluated.scoresByFeature(feature).isPresent())
        .map(feature -> of(feature, evaluated, validation))
        .toList();
  }

  private static BaselineMetrics of(
      BaselineFeature feature, LabelledPredictions evaluated, LabelledPredictions validation) {
    Optional<LabelledScores> own = evaluated.scoresByFeature(feature);
    Optional<LabelledScores> onValidation = validation.scoresByFeature(feature);
    if (own.isEmpty()) {
      return undefined(feature, NO_FILE);
    }
    if (feature.isTrained()) {
      return evaluate(feature, "fitted on train", own.get(), evaluated);
    }
    Estimate auroc =
        onValidation
            .map(scores -> RankingMetrics.of(scores).auroc())
            .orElse(new Estimate.Undefined(NO_FILE));
    if (auroc instanceof Estimate.Undefined none) {
      return undefined(feature, "the direction cannot be chosen on validation: " + none.reason());
    }
    return auroc.valueOr(0) >= 0.5
        ? evaluate(feature, "greater is positive, as on validation", own.get(), evaluated)
        : evaluate(
            feature,
            "smaller is positive, as on validation",
            own.get().mapScores(value -> -value),
            evaluated);
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
