package dev.cxr.train.report;

import com.github.weisj.jsvg.SVGDocument;
import com.github.weisj.jsvg.parser.LoaderContext;
import com.github.weisj.jsvg.parser.SVGLoader;
import com.github.weisj.jsvg.view.ViewBox;
import dev.cxr.common.html.Chart;
import dev.cxr.common.html.HtmlPage;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;

/** Draws the charts of a report side by side as PNG, by {@code curves.mustache}. */
final class CurvesImage {

  private static final int WIDTH = 360;
  private static final int HEIGHT = 360;
  private static final int SCALE = 2;

  private CurvesImage() {}

  /** The values of {@code curves.mustache}. */
  private record View(int width, int height, List<Panel> panels) {}

  private record Panel(int x, Chart chart) {}

  static void write(List<Chart> charts, Path file) throws IOException {
    int width = charts.size() * WIDTH;
    List<Panel> panels =
        IntStream.range(0, charts.size())
            .mapToObj(i -> new Panel(i * WIDTH, charts.get(i)))
            .toList();
    String svg = HtmlPage.render(CurvesImage.class, "curves", new View(width, HEIGHT, panels));
    InputStream in = new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8));
    SVGDocument document = new SVGLoader().load(in, null, LoaderContext.createDefault());
    BufferedImage image =
        new BufferedImage(width * SCALE, HEIGHT * SCALE, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    Objects.requireNonNull(document)
        .render(null, graphics, new ViewBox(image.getWidth(), image.getHeight()));
    graphics.dispose();
    ImageIO.write(image, "png", file.toFile());
  }
}
