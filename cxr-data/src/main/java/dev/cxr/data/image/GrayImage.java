package dev.cxr.data.image;

import dev.cxr.common.files.Sha256;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * An 8-bit gray image. Equality is by content.
 *
 * <p>The pixels are not copied: do not change an array after passing it here.
 *
 * @param width columns, at least 1
 * @param height rows, at least 1
 * @param pixels {@code width * height} unsigned bytes, row by row from the top left; 0 is black,
 *     255 is white
 * @since 0.1
 */
// An array, because a list would box millions of pixels.
@SuppressWarnings("ArrayRecordComponent")
public record GrayImage(int width, int height, byte[] pixels) {

  /**
   * Checks the size.
   *
   * @param width as for the record
   * @param height as for the record
   * @param pixels as for the record
   * @throws IllegalArgumentException if a side is below 1 or the number of pixels is wrong
   */
  public GrayImage {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "Expected an image of at least 1x1 pixels, found %dx%d.".formatted(width, height));
    }
    if (pixels.length != (long) width * height) {
      throw new IllegalArgumentException(
          "Expected %d bytes for %dx%d pixels, found %d."
              .formatted((long) width * height, width, height, pixels.length));
    }
  }

  /** {@return the SHA-256 of size and pixels, as hex digits} */
  public String sha256() {
    MessageDigest digest = Sha256.newDigest();
    digest.update(ByteBuffer.allocate(2 * Integer.BYTES).putInt(width).putInt(height).flip());
    return HexFormat.of().formatHex(digest.digest(pixels));
  }

  /** {@return a copy for the libraries of the JDK} */
  public BufferedImage toBufferedImage() {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    image.getRaster().setDataElements(0, 0, width, height, pixels);
    return image;
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

  /** {@return the size, without the pixels} */
  @Override
  public String toString() {
    return "GrayImage[%dx%d]".formatted(width, height);
  }
}
