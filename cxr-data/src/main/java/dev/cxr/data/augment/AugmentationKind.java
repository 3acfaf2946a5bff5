package dev.cxr.data.augment;

import java.util.Locale;

/** The kinds of augmentation that have a range, in the order of a recipe. */
public enum AugmentationKind {
  /** Rotation, clockwise. */
  ROTATION_DEGREES("Rotation, clockwise", -180, 180, 0),
  /** Horizontal shear, to the right at the top. */
  SHEAR_DEGREES("Horizontal shear, to the right at the top", -45, 45, 0),
  /** Magnification. */
  ZOOM("Magnification", 0.5, 2, 1),
  /** Change of width / height at the same area. */
  ASPECT("Change of width / height at the same area", 0.5, 2, 1),
  /** Shift right and down, as a fraction of the side. */
  SHIFT("Shift right and down, as a fraction of the side", -0.5, 0.5, 0),
  /** Exponent of the gray values in 0..1. */
  GAMMA("Exponent of the gray values in 0..1", 0.2, 5, 1),
  /** Factor of the distance from middle gray. */
  CONTRAST("Factor of the distance from middle gray", 0, 3, 1),
  /** Added, as a fraction of full scale. */
  BRIGHTNESS("Added, as a fraction of full scale", -1, 1, 0),
  /** Share of a 3 x 3 mean filter, below 0 sharpens. */
  BLUR("Share of a 3 x 3 mean filter, below 0 sharpens", -1, 1, 0),
  /** Standard deviation of Gaussian noise, as a fraction of full scale. */
  NOISE("Standard deviation of Gaussian noise, as a fraction of full scale", 0, 0.5, 0),
  /** Area erased from half of the images, as a fraction. */
  ERASE("Area erased from half of the images, as a fraction", 0, 0.5, 0);

  private final String description;
  private final double min;
  private final double max;
  private final double neutral;

  AugmentationKind(String description, double min, double max, double neutral) {
    this.description = description;
    this.min = min;
    this.max = max;
    this.neutral = neutral;
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
    return new Range(min, max);
  }

  /** The range that changes nothing. */
  Range neutral() {
    return Range.exactly(neutral);
  }

  /** The sampled value as a text; empty if it has no effect. */
  String caption(AugmentationParams params) {
    return switch (this) {
      case ROTATION_DEGREES -> format("rotation %+.0f°", params.rotationDegrees());
      case SHEAR_DEGREES -> format("shear %+.0f°", params.shearDegrees());
      case ZOOM -> format("zoom %.2f", params.zoom());
      case ASPECT -> format("aspect %.2f", params.aspect());
      case SHIFT -> format("shift %+.2f %+.2f", params.shiftX(), params.shiftY());
      case GAMMA -> format("gamma %.2f", params.gamma());
      case CONTRAST -> format("contrast %.2f", params.contrast());
      case BRIGHTNESS -> format("brightness %+.2f", params.brightness());
      case BLUR -> format("blur %+.2f", params.blur());
      case NOISE -> format("noise %.3f", params.noise());
      case ERASE -> params.erasedArea() == 0 ? "" : format("erase %.2f", params.erasedArea());
    };
  }

  Range requireValid(Range range) {
    if (!range.isWithin(limits())) {
      throw new IllegalArgumentException("%s: within %s, not %s".formatted(key(), limits(), range));
    }
    return range;
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
