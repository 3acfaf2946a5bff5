package dev.cxr.serve.inference;

import dev.cxr.data.image.GrayImage;
import dev.cxr.eval.explanation.HeatOverlay;
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
   * A heatmap to lay over a picture.
   *
   * @param values rows of values of 0 or more, on any scale
   * @param side of the square that they are stretched to
   */
  static String heat(float[][] values, int side) throws IOException {
    return dataUri(HeatOverlay.layer(values, side, side));
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
