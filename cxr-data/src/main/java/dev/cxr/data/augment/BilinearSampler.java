package dev.cxr.data.augment;

import static dev.cxr.data.augment.Affine.FRACTION_BITS;

import dev.cxr.data.augment.Augmentation.EdgeMode;

/** Samples an image bilinearly through an affine map. */
final class BilinearSampler {

  private static final long HALF_PIXEL = 1L << (FRACTION_BITS - 1);

  private final EdgeMode edge;
  private final float brightness;
  private final float black;

  /**
   * Creates a sampler.
   *
   * @param edge the fill beyond the edge of the source
   * @param brightness added to each sample, as a fraction of full scale
   * @param black the value of black in the source, where 255 is white
   */
  BilinearSampler(EdgeMode edge, float brightness, float black) {
    this.edge = edge;
    this.brightness = brightness;
    this.black = black;
  }

  /** Writes an image of the same size, divided by 255 and clamped to 0..1. */
  void sample(float[] source, Affine map, int width, int height, float[] out) {
    long stepX = map.stepX();
    long stepY = map.stepY();
    for (int y = 0; y < height; y++) {
      long startX = map.startX(y);
      long startY = map.startY(y);
      int row = y * width;
      int first = 0;
      int end = width;
      if (edge == EdgeMode.BLACK) { // a line crosses the image once, so only its ends are outside
        while (first < end
            && isOutside(startX + first * stepX, startY + first * stepY, width, height)) {
          out[row + first++] = toModelInput(black);
        }
        while (first < end
            && isOutside(startX + (end - 1) * stepX, startY + (end - 1) * stepY, width, height)) {
          out[row + --end] = toModelInput(black);
        }
      }
      long fromX = startX + first * stepX;
      long fromY = startY + first * stepY;
      for (int x = first; x < end; x++, fromX += stepX, fromY += stepY) {
        // Repeats the edge: clamps to the nearest pixel.
        long inX = Math.max(0, Math.min(fromX, (long) (width - 1) << FRACTION_BITS));
        long inY = Math.max(0, Math.min(fromY, (long) (height - 1) << FRACTION_BITS));
        int left = (int) (inX >> FRACTION_BITS);
        int nextColumn = left < width - 1 ? 1 : 0;
        int top = (int) (inY >> FRACTION_BITS);
        int above = top * width + left;
        int below = top < height - 1 ? above + width : above;
        float toRight = fraction(inX);
        float a = lerp(source[above], source[above + nextColumn], toRight);
        float b = lerp(source[below], source[below + nextColumn], toRight);
        out[row + x] = toModelInput(lerp(a, b, fraction(inY)));
      }
    }
  }

  private float toModelInput(float gray) {
    return Math.max(0f, Math.min(1f, gray / 255f + brightness));
  }

  /**
   * Whether a point lies outside the image, whose pixels extend half a step around their centre.
   */
  private static boolean isOutside(long x, long y, int width, int height) {
    return x < -HALF_PIXEL
        || y < -HALF_PIXEL
        || x >= ((long) width << FRACTION_BITS) - HALF_PIXEL
        || y >= ((long) height << FRACTION_BITS) - HALF_PIXEL;
  }

  /** The fraction, to the 24 bits of a float. */
  private static float fraction(long fixed) {
    return (((int) fixed) >>> 8) * 0x1p-24f;
  }

  private static float lerp(float from, float to, float t) {
    return from + (to - from) * t;
  }
}
