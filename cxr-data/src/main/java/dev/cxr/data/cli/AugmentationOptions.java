package dev.cxr.data.cli;

import dev.cxr.common.cli.UsageErrorException;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.augment.Augmentation;
import dev.cxr.data.augment.Augmentation.EdgeMode;
import dev.cxr.data.augment.AugmentationKind;
import dev.cxr.data.augment.Range;
import java.util.EnumMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The augmentation keys of a recipe as options. */
public final class AugmentationOptions {

  private final Map<AugmentationKind, Range> ranges = new EnumMap<>(AugmentationKind.class);

  @Option(names = "--mirror", description = "Flip half of the images left to right.")
  private boolean mirror;

  @Option(
      names = "--edge",
      description = "Fill beyond the edge of the image: ${COMPLETION-CANDIDATES}.")
  private EdgeMode edge = Augmentation.NONE.edge();

  /**
   * Adds an option for each kind.
   *
   * @param spec the options, set by picocli
   */
  @Spec
  void addRanges(CommandSpec spec) {
    for (AugmentationKind kind : AugmentationKind.values()) {
      spec.addOption(
          OptionSpec.builder("--" + kind.key())
              .paramLabel("FROM..TO")
              .type(Range.class)
              .converters(new RangeConverter())
              .description("%s; within %s.".formatted(kind.description(), kind.limits()))
              .setter(new RangeSetter(kind))
              .build());
    }
  }

  private final class RangeSetter implements ISetter {
    private final AugmentationKind kind;

    RangeSetter(AugmentationKind kind) {
      this.kind = kind;
    }

    @Override
    public <T> @Nullable T set(@Nullable T value) {
      if (value instanceof Range range) {
        ranges.put(kind, range);
      } else {
        ranges.remove(kind);
      }
      return null;
    }
  }

  /**
   * {@return the requested augmentation, or {@link Augmentation#ALL_KINDS} without any of them}
   *
   * @throws UserErrorException if a range exceeds its limits
   */
  public Augmentation augmentation() {
    Augmentation.Builder start =
        ranges.isEmpty() && !mirror
            ? Augmentation.ALL_KINDS.toBuilder()
            : Augmentation.builder().optMirror(mirror);
    ranges.forEach((kind, range) -> start.opt(kind, range.from(), range.to()));
    try {
      return start.optEdge(edge).build();
    } catch (IllegalArgumentException e) {
      throw UsageErrorException.of(
          "ranges within their limits", String.valueOf(e.getMessage()), "Choose a smaller range.");
    }
  }

  /** Reads {@code 0.85..1.2}. */
  static final class RangeConverter implements ITypeConverter<Range> {

    private static final Pattern FROM_TO = Pattern.compile("(.+?)\\.\\.(.+)");

    @Override
    public Range convert(String text) {
      Matcher matcher = FROM_TO.matcher(text);
      try {
        if (matcher.matches()) {
          return new Range(
              Double.parseDouble(matcher.group(1)), Double.parseDouble(matcher.group(2)));
        }
      } catch (NumberFormatException e) {
        throw invalidRange(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException("expected " + e.getMessage());
      }
      throw invalidRange(text);
    }

    private static TypeConversionException invalidRange(String text) {
      return new TypeConversionException(
          "expected two numbers, such as 0.85..1.2, found '" + text + "'");
    }
  }
}
