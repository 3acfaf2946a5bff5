package dev.cxr.data.cli;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.augment.Augmentation;
import dev.cxr.data.augment.Augmentation.EdgeMode;
import dev.cxr.data.augment.Range;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The augmentation keys of a recipe as options. */
public final class AugmentationOptions {

  @Option(
      names = "--rotation-degrees",
      paramLabel = "FROM..TO",
      converter = RangeConverter.class,
      description = "Rotation, clockwise; within -180..180.")
  private Range rotationDegrees = Augmentation.NONE.rotationDegrees();

  @Option(
      names = "--shear-degrees",
      paramLabel = "FROM..TO",
      converter = RangeConverter.class,
      description = "Horizontal shear; within -45..45.")
  private Range shearDegrees = Augmentation.NONE.shearDegrees();

  @Option(
      names = "--zoom",
      paramLabel = "FROM..TO",
      converter = RangeConverter.class,
      description = "Magnification; within 0.5..2.")
  private Range zoom = Augmentation.NONE.zoom();

  @Option(
      names = "--aspect",
      paramLabel = "FROM..TO",
      converter = RangeConverter.class,
      description = "Change of width / height; within 0.5..2.")
  private Range aspect = Augmentation.NONE.aspect();

  @Option(
      names = "--shift",
      paramLabel = "FROM..TO",
      converter = RangeConverter.class,
      description = "Move right and down, as a fraction of the side; within -0.5..0.5.")
  private Range shift = Augmentation.NONE.shift();

  @Option(names = "--mirror", description = "Flip half of the images left to right.")
  private boolean mirror;

  @Option(
      names = "--edge",
      description = "Fill beyond the edge of the image: ${COMPLETION-CANDIDATES}.")
  private EdgeMode edge = Augmentation.NONE.edge();

  @Option(
      names = "--gamma",
      paramLabel = "FROM..TO",
      converter = RangeConverter.class,
      description = "Exponent of the gray values; within 0.2..5.")
  private Range gamma = Augmentation.NONE.gamma();

  @Option(
      names = "--contrast",
      paramLabel = "FROM..TO",
      converter = RangeConverter.class,
      description = "Factor of the distance from middle gray; within 0..3.")
  private Range contrast = Augmentation.NONE.contrast();

  @Option(
      names = "--brightness",
      paramLabel = "FROM..TO",
      converter = RangeConverter.class,
      description = "Added, as a fraction of full scale; within -1..1.")
  private Range brightness = Augmentation.NONE.brightness();

  @Option(
      names = "--blur",
      paramLabel = "FROM..TO",
      converter = RangeConverter.class,
      description = "Share of a 3 x 3 mean filter, below 0 sharpens; within -1..1.")
  private Range blur = Augmentation.NONE.blur();

  @Option(
      names = "--noise",
      paramLabel = "FROM..TO",
      converter = RangeConverter.class,
      description =
          "Standard deviation of Gaussian noise, as a fraction of full scale; within 0..0.5.")
  private Range noise = Augmentation.NONE.noise();

  @Option(
      names = "--erase",
      paramLabel = "FROM..TO",
      converter = RangeConverter.class,
      description = "Area erased from half of the images, as a fraction; within 0..0.5.")
  private Range erase = Augmentation.NONE.erase();

  /**
   * The requested augmentation, or {@link Augmentation#ALL_KINDS} without any option.
   *
   * @throws UserErrorException if a range exceeds its limits
   */
  public Augmentation augmentation() {
    Augmentation requested;
    try {
      requested =
          new Augmentation(
              rotationDegrees,
              shearDegrees,
              zoom,
              aspect,
              shift,
              mirror,
              edge,
              gamma,
              contrast,
              brightness,
              blur,
              noise,
              erase);
    } catch (IllegalArgumentException e) {
      throw UserErrorException.ofUsage(
          "ranges within their limits", String.valueOf(e.getMessage()), "Choose a smaller range.");
    }
    boolean noKindRequested = requested.equals(Augmentation.NONE.toBuilder().optEdge(edge).build());
    return noKindRequested ? Augmentation.ALL_KINDS.toBuilder().optEdge(edge).build() : requested;
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
