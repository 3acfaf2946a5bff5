package dev.cxr.eval.explanation;

import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.Resampler;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Images embedded in a page as data URIs, so that the page loads nothing. */
public final class DataUriImage {

  /** The longer side in pixels, twice the size on the page, for high-resolution screens. */
  public static final int MAX_SIDE = 288;

  private DataUriImage() {}

  /**
   * {@return the image, its longer side reduced to at most {@code side} pixels}
   *
   * @param image the image
   * @param side the longest side allowed, in pixels
   */
  public static GrayImage fitWithin(GrayImage image, int side) {
    double scale = Math.min(1, (double) side / Math.max(image.width(), image.height()));
    return Resampler.resize(
        image,
        Math.max(1, (int) Math.round(image.width() * scale)),
        Math.max(1, (int) Math.round(image.height() * scale)));
  }

  /**
   * {@return a gray image as a data URI of a JPEG}
   *
   * @param gray the image
   * @throws IOException if this Java runtime has no JPEG writer
   */
  public static String dataUri(GrayImage gray) throws IOException {
    var image = new BufferedImage(gray.width(), gray.height(), BufferedImage.TYPE_BYTE_GRAY);
    image.getRaster().setDataElements(0, 0, gray.width(), gray.height(), gray.pixels());
    return dataUri(image);
  }

  /**
   * {@return an image as a data URI of a JPEG}
   *
   * @param image the image
   * @throws IOException if this Java runtime has no JPEG writer
   */
  public static String dataUri(BufferedImage image) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var stream = new MemoryCacheImageOutputStream(out)) { // no temporary file
      if (!ImageIO.write(image, "jpeg", stream)) {
        throw new IOException("this Java runtime has no JPEG writer");
      }
    }
    return "data:image/jpeg;base64," + Base64.getEncoder().encodeToString(out.toByteArray());
  }
}
