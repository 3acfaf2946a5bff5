package dev.cxr.serve.inference;

import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.Resampler;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Pictures as PNG data URIs, made in memory: ImageIO's own streams go over a file. */
final class Png {

  private Png() {}

  static String gray(GrayImage image) throws IOException {
    BufferedImage picture =
        new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_BYTE_GRAY);
    picture.getRaster().setDataElements(0, 0, image.width(), image.height(), image.pixels());
    return dataUri(picture);
  }

  /**
   * A heatmap to lay over a picture: from red to yellow where there is more, and more opaque.
   *
   * @param values rows of values of 0 or more, on any scale
   * @param side of the square that they are stretched to
   */
  static String heat(float[][] values, int side) throws IOException {
    GrayImage smooth = Resampler.resize(scaled(values), side, side);
    BufferedImage picture = new BufferedImage(side, side, BufferedImage.TYPE_INT_ARGB);
    for (int i = 0; i < smooth.pixels().length; i++) {
      picture.setRGB(i % side, i / side, colour(smooth.pixels()[i] & 0xFF));
    }
    return dataUri(picture);
  }

  private static GrayImage scaled(float[][] values) {
    int width = values[0].length;
    float highest = 0;
    for (float[] row : values) {
      for (float value : row) {
        highest = Math.max(highest, value);
      }
    }
    byte[] pixels = new byte[values.length * width];
    for (int i = 0; i < pixels.length && highest > 0; i++) {
      pixels[i] = (byte) Math.round(255 * values[i / width][i % width] / highest);
    }
    return new GrayImage(width, values.length, pixels);
  }

  private static int colour(int strength) {
    int alpha = strength * 9 / 10;
    int green = strength * 215 / 255;
    int blue = 40 * (255 - strength) / 255;
    return alpha << 24 | 255 << 16 | green << 8 | blue;
  }

  private static String dataUri(BufferedImage picture) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.write(picture);
    } finally {
      writer.dispose();
    }
    return "data:image/png;base64," + Base64.getEncoder().encodeToString(bytes.toByteArray());
  }
}
