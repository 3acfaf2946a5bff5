package dev.cxr.eval.cli;

import dev.cxr.eval.evaluation.ThresholdSource;
import dev.cxr.eval.metrics.ThresholdRule;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code bundle}, or a rule: {@link ThresholdRule#parse}. */
final class ThresholdSourceConverter implements ITypeConverter<ThresholdSource> {

  @Override
  public ThresholdSource convert(String text) {
    try {
      return new ThresholdSource(
          text.equals("bundle") ? Optional.empty() : Optional.of(ThresholdRule.parse(text)));
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(
          "expected bundle, %s, found '%s' (%s)"
              .formatted(ThresholdRule.VALID_FORMS, text, e.getMessage()));
    }
  }
}
