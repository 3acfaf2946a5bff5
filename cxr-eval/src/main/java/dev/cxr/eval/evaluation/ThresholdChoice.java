package dev.cxr.eval.evaluation;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.eval.metrics.ChosenThreshold;
import dev.cxr.eval.metrics.LabelledScores;
import dev.cxr.eval.metrics.ThresholdRule;
import dev.cxr.eval.prediction.ImagePrediction;
import dev.cxr.models.bundle.Manifest;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Which threshold decides: the bundle's own, or one that a rule chooses on validation.
 *
 * @param rule the rule; the bundle's own threshold if there is none
 */
public record ThresholdChoice(Optional<ThresholdRule> rule) {

  /** Reads {@code bundle}, or a rule: {@link ThresholdRule#parse}. */
  public static final class Converter implements ITypeConverter<ThresholdChoice> {
    @Override
    public ThresholdChoice convert(String text) {
      try {
        return new ThresholdChoice(
            text.equals("bundle") ? Optional.empty() : Optional.of(ThresholdRule.parse(text)));
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(
            "expected bundle, %s, found '%s' (%s)"
                .formatted(ThresholdRule.VALID_FORMS, text, e.getMessage()));
      }
    }
  }

  /**
   * Refuses the bundle's own.
   *
   * @param reason it is no choice, after "which"
   */
  public void requireRule(String reason) {
    if (rule.isEmpty()) {
      throw UserErrorException.ofUsage(
          "youden, sensitivity=0.95 or cost=5 with --threshold",
          "the bundle's own, which " + reason,
          "Choose one of those.");
    }
  }

  void requireValidation(boolean isEmpty) {
    if (rule.isPresent() && isEmpty) {
      throw UserErrorException.of(
          "validation pictures to choose the threshold on",
          "none in the collection",
          "Leave --threshold away for the bundle's own, or give a collection with a train split.");
    }
  }

  /** The bundle's own, or the rule's choice. */
  public Manifest.Threshold choose(Manifest manifest, LabelledScores validation) {
    return rule.map(r -> applyRule(r, validation)).orElse(manifest.threshold());
  }

  private static Manifest.Threshold applyRule(ThresholdRule rule, LabelledScores validation) {
    ChosenThreshold chosen = rule.choose(validation);
    return new Manifest.Threshold(chosen.value(), rule.describe(chosen, "validation"));
  }

  EvaluationSettings settings(
      Manifest manifest, List<ImagePrediction> validation, long seed, int bootstrapResamples) {
    Manifest.Threshold chosen =
        choose(manifest, EvaluationMetrics.scores(manifest.task(), validation));
    return new EvaluationSettings(
        manifest.task(), chosen.value(), chosen.rule(), seed, bootstrapResamples);
  }
}
