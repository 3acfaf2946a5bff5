package dev.cxr.data.augment;

/**
 * Where each pixel written is read from: rotation, shear, zoom, aspect, mirror and shift as one map
 * about the centre.
 *
 * <p>Places are fixed-point numbers of {@value #FRACTION_BITS} bits after the point: whole steps
 * add up without drift, and clamping costs no branch.
 */
final class Affine {

  static final int FRACTION_BITS = 32;

  private final double centreX;
  private final double centreY;
  private final double shiftX;
  private final double shiftY;

  /** What one pixel to the right and one pixel down are in the source. */
  private final double columnStepX;

  private final double columnStepY;
  private final double rowStepX;
  private final double rowStepY;

  Affine(AugmentationParams params, int width, int height) {
    centreX = (width - 1) / 2.0;
    centreY = (height - 1) / 2.0;
    shiftX = params.shiftX() * width;
    shiftY = params.shiftY() * height;
    double angle = StrictMath.toRadians(params.rotationDegrees());
    double cos = StrictMath.cos(angle);
    double sin = StrictMath.sin(angle);
    double shear = StrictMath.tan(StrictMath.toRadians(params.shearDegrees()));
    double aspectScale = Math.sqrt(params.aspect());
    double scaleX = (params.mirrored() ? -params.zoom() : params.zoom()) * aspectScale;
    double scaleY = params.zoom() / aspectScale;
    columnStepX = (cos - shear * sin) / scaleX;
    columnStepY = -sin / scaleY;
    rowStepX = (sin + shear * cos) / scaleX;
    rowStepY = cos / scaleY;
  }

  /** The column that a row's first pixel is read from. */
  long startX(int row) {
    return toFixedPoint(
        centreX + columnStepX * (-centreX - shiftX) + rowStepX * (row - centreY - shiftY));
  }

  /** The row that a row's first pixel is read from. */
  long startY(int row) {
    return toFixedPoint(
        centreY + columnStepY * (-centreX - shiftX) + rowStepY * (row - centreY - shiftY));
  }

  /** From there, how many columns further the next is read. */
  long stepX() {
    return toFixedPoint(columnStepX);
  }

  /** From there, how many rows further the next is read. */
  long stepY() {
    return toFixedPoint(columnStepY);
  }

  private static long toFixedPoint(double value) {
    return StrictMath.round(value * (1L << FRACTION_BITS));
  }
}
