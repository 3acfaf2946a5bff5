package dev.cxr.train.report;

import dev.cxr.common.html.Chart;
import dev.cxr.common.html.HtmlPage;
import dev.cxr.eval.figure.SvgImage;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
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
    BufferedImage image = new SvgImage(svg).rasterize(width * SCALE, HEIGHT * SCALE);
    ImageIO.write(image, "png", file.toFile());
  }
}
