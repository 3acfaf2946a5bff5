package dev.cxr.data.augment;

import java.util.Locale;
import java.util.function.Function;

/** The kinds of augmentation that have a range, in the order of a recipe. */
public enum AugmentationKind {
  /** Rotation, clockwise. */
  ROTATION_DEGREES(
      "Rotation, clockwise",
      -180,
      180,
      0,
      draw -> format("rotation %+.0f°", draw.rotationDegrees())),
  /** Horizontal shear, to the right at the top. */
  SHEAR_DEGREES(
      "Horizontal shear, to the right at the top",
      -45,
      45,
      0,
      draw -> format("shear %+.0f°", draw.shearDegrees())),
  /** Magnification. */
  ZOOM("Magnification", 0.5, 2, 1, draw -> format("zoom %.2f", draw.zoom())),
  /** Change of width / height at the same area. */
  ASPECT(
      "Change of width / height at the same area",
      0.5,
      2,
      1,
      draw -> format("aspect %.2f", draw.aspect())),
  /** Shift right and down, as a fraction of the side. */
  SHIFT(
      "Shift right and down, as a fraction of the side",
      -0.5,
      0.5,
      0,
      draw -> format("shift %+.2f %+.2f", draw.shiftX(), draw.shiftY())),
  /** Exponent of the gray values in 0..1. */
  GAMMA(
      "Exponent of the gray values in 0..1", 0.2, 5, 1, draw -> format("gamma %.2f", draw.gamma())),
  /** Factor of the distance from middle gray. */
  CONTRAST(
      "Factor of the distance from middle gray",
      0,
      3,
      1,
      draw -> format("contrast %.2f", draw.contrast())),
  /** Added, as a fraction of full scale. */
  BRIGHTNESS(
      "Added, as a fraction of full scale",
      -1,
      1,
      0,
      draw -> format("brightness %+.2f", draw.brightness())),
  /** Share of a 3 x 3 mean filter, below 0 sharpens. */
  BLUR(
      "Share of a 3 x 3 mean filter, below 0 sharpens",
      -1,
      1,
      0,
      draw -> format("blur %+.2f", draw.blur())),
  /** Standard deviation of Gaussian noise, as a fraction of full scale. */
  NOISE(
      "Standard deviation of Gaussian noise, as a fraction of full scale",
      0,
      0.5,
      0,
      draw -> format("noise %.3f", draw.noise())),
  /** Area erased from half of the images, as a fraction. */
  ERASE(
      "Area erased from half of the images, as a fraction",
      0,
      0.5,
      0,
      draw -> draw.erasedArea() == 0 ? "" : format("erase %.2f", draw.erasedArea()));

  private final String description;
  private final Range limits;
  private final Range neutral;
  private final Function<AugmentationParams, String> caption;

  AugmentationKind(
      String description,
      double min,
      double max,
      double neutral,
      Function<AugmentationParams, String> caption) {
    this.description = description;
    this.limits = new Range(min, max);
    this.neutral = Range.exactly(neutral);
    this.caption = caption;
  }

  /** {@return its key in a recipe, such as {@code rotation-degrees}} */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** {@return what it does, as a phrase} */
  public String description() {
    return description;
  }

  /** {@return the widest valid range} */
  public Range limits() {
    return limits;
  }

  /** The range that changes nothing. */
  Range neutral() {
    return neutral;
  }

  /** The sampled value as a text; empty if it has no effect. */
  String caption(AugmentationParams params) {
    return caption.apply(params);
  }

  Range requireValid(Range range) {
    if (!range.isWithin(limits)) {
      throw new IllegalArgumentException("%s: within %s, not %s".formatted(key(), limits, range));
    }
    return range;
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
