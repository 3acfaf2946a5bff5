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
  private final double rightX;

  private final double rightY;
  private final double downX;
  private final double downY;

  Affine(Draw draw, int width, int height) {
    centreX = (width - 1) / 2.0;
    centreY = (height - 1) / 2.0;
    shiftX = draw.shiftX() * width;
    shiftY = draw.shiftY() * height;
    double angle = StrictMath.toRadians(draw.rotationDegrees());
    double cos = StrictMath.cos(angle);
    double sin = StrictMath.sin(angle);
    double lean = StrictMath.tan(StrictMath.toRadians(draw.shearDegrees()));
    double stretch = Math.sqrt(draw.aspect());
    double wider = (draw.mirrored() ? -draw.zoom() : draw.zoom()) * stretch;
    double higher = draw.zoom() / stretch;
    rightX = (cos - lean * sin) / wider;
    rightY = -sin / higher;
    downX = (sin + lean * cos) / wider;
    downY = cos / higher;
  }

  /** The column that a row's first pixel is read from. */
  long startX(int row) {
    return fixed(centreX + rightX * (-centreX - shiftX) + downX * (row - centreY - shiftY));
  }

  /** The row that a row's first pixel is read from. */
  long startY(int row) {
    return fixed(centreY + rightY * (-centreX - shiftX) + downY * (row - centreY - shiftY));
  }

  /** From there, how many columns further the next is read. */
  long stepX() {
    return fixed(rightX);
  }

  /** From there, how many rows further the next is read. */
  long stepY() {
    return fixed(rightY);
  }

  private static long fixed(double value) {
    return StrictMath.round(value * (1L << FRACTION_BITS));
  }
}
