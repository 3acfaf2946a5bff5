package dev.cxr.data.image;

import java.util.Arrays;

/**
 * An 8-bit gray image.
 *
 * <p>The pixels are kept, not copied: whoever hands an array over no longer writes to it. Equality
 * is by content.
 *
 * @param width columns, at least 1
 * @param height rows, at least 1
 * @param pixels {@code width * height} unsigned bytes, row by row from the top left; 0 is black,
 *     255 is white
 */
// An array, because pixels are read by the million: a list would box them, a copy would double
// them.
@SuppressWarnings("ArrayRecordComponent")
public record GrayImage(int width, int height, byte[] pixels) {

  /**
   * Checks the size.
   *
   * @throws IllegalArgumentException if a side is below 1 or the pixels do not fill the sides
   */
  public GrayImage {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "An image has at least 1x1 pixels, this one %dx%d: give it positive sides."
              .formatted(width, height));
    }
    if (pixels.length != (long) width * height) {
      throw new IllegalArgumentException(
          "An image of %dx%d holds %d pixels, %d were given: pass one byte per pixel."
              .formatted(width, height, (long) width * height, pixels.length));
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GrayImage that
        && width == that.width
        && height == that.height
        && Arrays.equals(pixels, that.pixels);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * width + height) + Arrays.hashCode(pixels);
  }

  /** The size alone: pixels make no readable text. */
  @Override
  public String toString() {
    return "GrayImage[%dx%d]".formatted(width, height);
  }
}
