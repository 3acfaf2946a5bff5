package dev.cxr.eval.cli;

import dev.cxr.eval.evaluation.ThresholdChoice;
import dev.cxr.eval.metrics.ThresholdRule;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code bundle}, or a rule: {@link ThresholdRule#parse}. */
final class ThresholdChoiceConverter implements ITypeConverter<ThresholdChoice> {

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
