package dev.cxr.data.augment;

/**
 * How far training pictures may differ from those stored. Each amount is drawn anew for each
 * picture, uniformly and independently.
 *
 * @param rotationDegrees rotation about the centre, in ± this many degrees; 0 to 180
 * @param shift move along each side, in ± this fraction of the side; 0 to 0.5
 * @param zoom magnification, in {@code [1 - zoom, 1 + zoom]}; 0 to 0.5
 * @param brightness added to all pixels, in ± this fraction of full scale; 0 to 1
 * @param mirror whether half of the pictures are flipped left to right; a heart then lies on the
 *     right
 */
public record Augmentation(
    double rotationDegrees, double shift, double zoom, double brightness, boolean mirror) {

  /** Pictures as they are stored. */
  public static final Augmentation NONE = new Augmentation(0, 0, 0, 0, false);

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if an amount is outside its range
   */
  public Augmentation {
    requireRange("rotationDegrees", rotationDegrees, 180);
    requireRange("shift", shift, 0.5);
    requireRange("zoom", zoom, 0.5);
    requireRange("brightness", brightness, 1);
  }

  private static void requireRange(String name, double value, double max) {
    if (!(value >= 0 && value <= max)) { // so written, NaN is refused too
      throw new IllegalArgumentException(
          "Augmentation %s lies in 0..%s, %s was given: choose one in that range."
              .formatted(name, max, value));
    }
  }
}
