package dev.cxr.data.augment;

import java.util.Locale;

/** The kinds of augmentation that have a range, in the order of a recipe. */
public enum AugmentationKind {
  /** Rotation, clockwise. */
  ROTATION_DEGREES(-180, 180, 0),
  /** Horizontal shear, to the right at the top. */
  SHEAR_DEGREES(-45, 45, 0),
  /** Magnification. */
  ZOOM(0.5, 2, 1),
  /** Change of width / height at the same area. */
  ASPECT(0.5, 2, 1),
  /** Shift right and down, as a fraction of the side. */
  SHIFT(-0.5, 0.5, 0),
  /** Exponent of the gray values in 0..1. */
  GAMMA(0.2, 5, 1),
  /** Factor of the distance from middle gray. */
  CONTRAST(0, 3, 1),
  /** Added, as a fraction of full scale. */
  BRIGHTNESS(-1, 1, 0),
  /** Share of a 3 x 3 mean filter, below 0 sharpens. */
  BLUR(-1, 1, 0),
  /** Standard deviation of Gaussian noise, as a fraction of full scale. */
  NOISE(0, 0.5, 0),
  /** Area erased from half of the images, as a fraction. */
  ERASE(0, 0.5, 0);

  private final double min;
  private final double max;
  private final double neutral;

  AugmentationKind(double min, double max, double neutral) {
    this.min = min;
    this.max = max;
    this.neutral = neutral;
  }

  /** {@return its key in a recipe, such as {@code rotation-degrees}} */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The widest valid range. */
  private Range limits() {
    return new Range(min, max);
  }

  /** The range that changes nothing. */
  Range neutral() {
    return Range.exactly(neutral);
  }

  void requireValid(Range range) {
    if (!range.isWithin(limits())) {
      throw new IllegalArgumentException("%s: within %s, not %s".formatted(this, limits(), range));
    }
  }
}
