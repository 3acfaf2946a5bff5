package dev.cxr.serve.folder;

import dev.cxr.eval.explanation.HeatOverlay;
import java.awt.AlphaComposite;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import javax.imageio.ImageIO;

/** A picture with its heatmap laid over it. */
final class Overlay {

  private Overlay() {}

  /** Writes one PNG of the two, both given as data URIs. */
  static void write(String picture, String heat, Path file) throws IOException {
    BufferedImage below = read(picture);
    BufferedImage both =
        new BufferedImage(below.getWidth(), below.getHeight(), BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = both.createGraphics();
    graphics.drawImage(below, 0, 0, null);
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    graphics.setComposite(
        AlphaComposite.getInstance(AlphaComposite.SRC_OVER, (float) HeatOverlay.OPACITY));
    graphics.drawImage(read(heat), 0, 0, both.getWidth(), both.getHeight(), null);
    graphics.dispose();
    ImageIO.write(both, "png", file.toFile());
  }

  private static BufferedImage read(String dataUri) throws IOException {
    byte[] png = Base64.getDecoder().decode(dataUri.substring(dataUri.indexOf(',') + 1));
    return ImageIO.read(new ByteArrayInputStream(png));
  }
}
