package dev.cxr.data.augment;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/**
 * Turns stored pixels into model input, augmented.
 *
 * <p>Rotation, zoom, shift and mirror are one affine map, sampled bilinearly once; pixels outside
 * the picture repeat its edge. All draws come from the seed, so a picture is the same whichever
 * thread asks for it and when. Safe for use by many threads.
 */
public final class Augmenter {
  private static final int FRACTION_BITS = 32;

  private final Augmentation augmentation;

  /**
   * An augmenter of the given strength.
   *
   * @param augmentation how far pictures may differ from those stored
   */
  public Augmenter(Augmentation augmentation) {
    this.augmentation = augmentation;
  }

  /**
   * Writes one picture as floats in 0..1, gray value by 255. Under {@link Augmentation#NONE} that
   * is exactly {@code pixel / 255f}.
   *
   * @param source unsigned 8-bit pixels, row by row; its position and limit play no part beyond
   *     bounding what can be read, and are left as they are
   * @param offset index in {@code source} of the picture's first pixel
   * @param width columns, at least 1
   * @param height rows, at least 1
   * @param seed what all draws of this picture follow from; a new one for each picture and epoch
   * @param out receives {@code width * height} values
   * @param outOffset index in {@code out} of the first
   * @throws IndexOutOfBoundsException if {@code source} or {@code out} ends before the picture does
   */
  public void apply(
      ByteBuffer source, int offset, int width, int height, long seed, float[] out, int outOffset) {
    // Always five draws in this order: an amount set to zero leaves the others where they were.
    var random = new SplittableRandom(seed);
    double angle = StrictMath.toRadians(symmetric(random, augmentation.rotationDegrees()));
    double zoom = 1 + symmetric(random, augmentation.zoom());
    double shiftX = symmetric(random, augmentation.shift()) * width;
    double shiftY = symmetric(random, augmentation.shift()) * height;
    float brightness = (float) symmetric(random, augmentation.brightness());
    boolean flip = random.nextDouble() < 0.5 && augmentation.mirror();

    // The inverse map, from a pixel written to the place it is read from: its columns are the steps
    // that one pixel to the right and one pixel down take in the source.
    double cos = StrictMath.cos(angle) / zoom;
    double sin = StrictMath.sin(angle) / zoom;
    double rightX = flip ? -cos : cos;
    double rightY = -sin;
    double downX = flip ? -sin : sin;
    double downY = cos;
    double centreX = (width - 1) / 2.0;
    double centreY = (height - 1) / 2.0;
    double dx = -centreX - shiftX;
    for (int y = 0; y < height; y++) {
      double dy = y - centreY - shiftY;
      long fromX = fixed(centreX + rightX * dx + downX * dy);
      long fromY = fixed(centreY + rightY * dx + downY * dy);
      long stepX = fixed(rightX);
      long stepY = fixed(rightY);
      int at = outOffset + y * width;
      for (int x = 0; x < width; x++, fromX += stepX, fromY += stepY) {
        // Repeats the edge: a place outside is read from the nearest inside.
        long inX = Math.max(0, Math.min(fromX, (long) (width - 1) << FRACTION_BITS));
        long inY = Math.max(0, Math.min(fromY, (long) (height - 1) << FRACTION_BITS));
        int left = (int) (inX >> FRACTION_BITS);
        int nextColumn = left < width - 1 ? 1 : 0;
        int top = (int) (inY >> FRACTION_BITS);
        int above = offset + top * width + left;
        int below = top < height - 1 ? above + width : above;
        float toRight = fraction(inX);
        float a = lerp(source.get(above), source.get(above + nextColumn), toRight);
        float b = lerp(source.get(below), source.get(below + nextColumn), toRight);
        float gray = (a + (b - a) * fraction(inY)) / 255f;
        out[at + x] = Math.max(0f, Math.min(1f, gray + brightness));
      }
    }
  }

  /** A draw from ±{@code amount}. */
  private static double symmetric(SplittableRandom random, double amount) {
    return amount * (2 * random.nextDouble() - 1);
  }

  /** As a fixed-point number: whole steps add up without drift, and clamping costs no branch. */
  private static long fixed(double value) {
    return StrictMath.round(value * (1L << FRACTION_BITS));
  }

  /** The part after the point, to the 24 bits that a float holds. */
  private static float fraction(long fixed) {
    return (((int) fixed) >>> 8) * 0x1p-24f;
  }

  private static float lerp(byte from, byte to, float t) {
    int start = from & 0xFF;
    return start + ((to & 0xFF) - start) * t;
  }
}
