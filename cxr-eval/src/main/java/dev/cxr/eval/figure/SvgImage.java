package dev.cxr.eval.figure;

import com.github.weisj.jsvg.SVGDocument;
import com.github.weisj.jsvg.parser.LoaderContext;
import com.github.weisj.jsvg.parser.SVGLoader;
import com.github.weisj.jsvg.view.ViewBox;
import dev.cxr.common.font.LiberationSans;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * An SVG image that can be drawn in any size. Text in the family Liberation Sans needs no font of
 * the system.
 */
public final class SvgImage {

  static {
    LiberationSans.family(); // registers it
  }

  private final SVGDocument document;

  /**
   * Parses an image.
   *
   * @param svg valid SVG
   */
  public SvgImage(String svg) {
    document =
        Objects.requireNonNull(
            new SVGLoader()
                .load(
                    new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)),
                    null,
                    LoaderContext.createDefault()),
            "invalid SVG");
  }

  /**
   * {@return the image in pixels, antialiased, on white}
   *
   * @param width in pixels
   * @param height in pixels
   */
  public BufferedImage rasterize(int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    graphics.setBackground(Color.WHITE);
    graphics.clearRect(0, 0, width, height);
    draw(graphics, width, height);
    graphics.dispose();
    return image;
  }

  void draw(Graphics2D graphics, float width, float height) {
    document.render(null, graphics, new ViewBox(width, height));
  }
}
