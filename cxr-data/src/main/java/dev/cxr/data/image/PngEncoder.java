package dev.cxr.data.image;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Writes images without loss; made in memory: ImageIO's own streams go over a file. */
public final class PngEncoder {

  private PngEncoder() {}

  /** Writes an 8-bit gray PNG with exactly these pixels. */
  public static void write(GrayImage image, Path file) throws IOException {
    Files.write(file, encode(image));
  }

  /** Writes a PNG with exactly these pixels, in the image's own type. */
  public static void write(BufferedImage image, Path file) throws IOException {
    Files.write(file, encode(image));
  }

  /** An 8-bit gray PNG with exactly these pixels. */
  public static byte[] encode(GrayImage image) throws IOException {
    BufferedImage buffered =
        new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_BYTE_GRAY);
    buffered.getRaster().setDataElements(0, 0, image.width(), image.height(), image.pixels());
    return encode(buffered);
  }

  /** A PNG with exactly these pixels, in the image's own type. */
  public static byte[] encode(BufferedImage image) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(png)) {
      writer.setOutput(out);
      writer.write(image);
    } finally {
      writer.dispose();
    }
    return png.toByteArray();
  }
}
