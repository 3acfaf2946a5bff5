package dev.cxr.eval.evaluation;

import dev.cxr.common.cli.UsageErrorException;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.eval.metrics.ChosenThreshold;
import dev.cxr.eval.metrics.LabelledScores;
import dev.cxr.eval.metrics.ThresholdRule;
import dev.cxr.eval.prediction.ImagePrediction;
import dev.cxr.models.bundle.Manifest;
import dev.cxr.models.bundle.OperatingThreshold;
import java.util.List;
import java.util.Optional;

/**
 * How the threshold is chosen: the bundle's own, or by a rule on validation.
 *
 * @param rule the rule; empty for the bundle's own threshold
 */
public record ThresholdSource(Optional<ThresholdRule> rule) {

  /**
   * Requires a rule.
   *
   * @param reason why the bundle's own threshold cannot be used, as the end of "which …"
   * @throws UserErrorException if there is none
   */
  public void requireRule(String reason) {
    if (rule.isEmpty()) {
      throw UsageErrorException.of(
          "youden, sensitivity=0.95 or cost=5 with --threshold",
          "the bundle's own, which " + reason,
          "Give one of those.");
    }
  }

  void requireValidation(boolean isEmpty) {
    if (rule.isPresent() && isEmpty) {
      throw UserErrorException.of(
          "validation images to choose the threshold on",
          "none in the dataset",
          "Omit --threshold for the bundle's own, or give a dataset with a train split.");
    }
  }

  /**
   * {@return the bundle's own threshold, or the choice of the rule}
   *
   * @param manifest of the bundle
   * @param validation scores on which the rule chooses
   */
  public OperatingThreshold choose(Manifest manifest, LabelledScores validation) {
    if (rule.isEmpty()) {
      return manifest.threshold();
    }
    ChosenThreshold chosen = rule.get().choose(validation);
    return new OperatingThreshold(chosen.value(), rule.get().describe(chosen, "validation"));
  }

  EvaluationSettings settings(
      Manifest manifest,
      List<ImagePrediction> validation,
      long seed,
      int bootstrapResamples,
      ClassSources sources) {
    OperatingThreshold chosen =
        choose(manifest, EvaluationMetrics.scores(manifest.task(), validation));
    return new EvaluationSettings(
        manifest.task(), chosen.value(), chosen.rule(), seed, bootstrapResamples, sources);
  }
}
