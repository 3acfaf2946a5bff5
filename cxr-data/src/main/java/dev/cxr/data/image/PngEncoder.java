package dev.cxr.data.image;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Writes gray pictures without loss. */
public final class PngEncoder {

  private PngEncoder() {}

  /** Writes an 8-bit gray PNG with exactly these pixels. */
  public static void write(GrayImage image, Path file) throws IOException {
    Files.write(file, encode(image));
  }

  /** An 8-bit gray PNG with exactly these pixels. */
  public static byte[] encode(GrayImage image) throws IOException {
    BufferedImage picture =
        new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_BYTE_GRAY);
    picture.getRaster().setDataElements(0, 0, image.width(), image.height(), image.pixels());
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    if (!ImageIO.write(picture, "png", png)) {
      throw new IOException("this Java has no PNG writer");
    }
    return png.toByteArray();
  }
}
