package dev.cxr.data.image;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Writes images without loss. Encodes in memory, because ImageIO streams use a temporary file. */
public final class PngEncoder {

  private PngEncoder() {}

  /**
   * Writes an 8-bit gray PNG with exactly these pixels.
   *
   * @param image to write
   * @param file is overwritten
   * @throws IOException if it cannot be written
   */
  public static void write(GrayImage image, Path file) throws IOException {
    Files.write(file, encode(image));
  }

  /**
   * Writes a PNG with exactly these pixels, in the type of the image.
   *
   * @param image to write
   * @param file is overwritten
   * @throws IOException if it cannot be written
   */
  public static void write(BufferedImage image, Path file) throws IOException {
    Files.write(file, encode(image));
  }

  /**
   * {@return an 8-bit gray PNG with exactly these pixels}
   *
   * @param image to encode
   * @throws IOException if the encoder fails
   */
  public static byte[] encode(GrayImage image) throws IOException {
    return encode(image.toBufferedImage());
  }

  /**
   * {@return a PNG with exactly these pixels, in the type of the image}
   *
   * @param image to encode
   * @throws IOException if the encoder fails
   */
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
