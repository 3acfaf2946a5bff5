package dev.cxr.data.augment;

/**
 * The map from output pixels to source pixels: rotation, shear, zoom, aspect, mirror and shift
 * combined, about the centre.
 *
 * <p>Coordinates are fixed-point numbers with {@value #FRACTION_BITS} fractional bits: steps add up
 * without drift, and clamping needs no branch.
 */
final class Affine {

  static final int FRACTION_BITS = 32;

  private final double centreX;
  private final double centreY;
  private final double shiftX;
  private final double shiftY;

  /** The step in the source for one column and for one row of the output. */
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

  /** The source column of the first pixel of a row. */
  long startX(int row) {
    return toFixedPoint(
        centreX + columnStepX * (-centreX - shiftX) + rowStepX * (row - centreY - shiftY));
  }

  /** The source row of the first pixel of a row. */
  long startY(int row) {
    return toFixedPoint(
        centreY + columnStepY * (-centreX - shiftX) + rowStepY * (row - centreY - shiftY));
  }

  long stepX() {
    return toFixedPoint(columnStepX);
  }

  long stepY() {
    return toFixedPoint(columnStepY);
  }

  private static long toFixedPoint(double value) {
    return StrictMath.round(value * (1L << FRACTION_BITS));
  }
}
