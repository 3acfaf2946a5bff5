package dev.cxr.train.report;

import dev.cxr.common.html.Chart;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Scanner;
import javax.imageio.ImageIO;

/** Draws the charts of a report side by side as PNG, in the coordinates of their SVG. */
final class CurvesImage {

  private static final int SCALE = 2;
  private static final int WIDTH = 360;
  private static final int HEIGHT = 340;
  private static final double LEFT = 46;
  private static final double RIGHT = 346;
  private static final double TOP = 10;
  private static final double BOTTOM = 260;
  private static final double TITLE_HEIGHT = 24;
  private static final Color GRID = new Color(0xDD, 0xDD, 0xDD);

  private CurvesImage() {}

  static void write(List<Chart> charts, Path file) throws IOException {
    BufferedImage image =
        new BufferedImage(
            charts.size() * WIDTH * SCALE, HEIGHT * SCALE, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setColor(Color.WHITE);
    g.fillRect(0, 0, image.getWidth(), image.getHeight());
    g.scale(SCALE, SCALE);
    g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 10));
    for (Chart chart : charts) {
      draw(chart, g);
      g.translate(WIDTH, 0);
    }
    g.dispose();
    ImageIO.write(image, "png", file.toFile());
  }

  private static void draw(Chart chart, Graphics2D g) {
    g.setColor(Color.BLACK);
    centered(g, chart.title(), (LEFT + RIGHT) / 2, 16);
    g.translate(0, TITLE_HEIGHT);
    for (Chart.AxisTick tick : chart.xTicks()) {
      double x = Double.parseDouble(tick.at());
      gridLine(g, x, TOP, x, BOTTOM);
      centered(g, tick.text(), x, 274);
    }
    for (Chart.AxisTick tick : chart.yTicks()) {
      double y = Double.parseDouble(tick.at());
      gridLine(g, LEFT, y, RIGHT, y);
      int width = g.getFontMetrics().stringWidth(tick.text());
      g.drawString(tick.text(), (float) LEFT - 6 - width, (float) y + 3);
    }
    centered(g, chart.xLabel(), (LEFT + RIGHT) / 2, 288);
    g.setStroke(new BasicStroke(1.5f));
    double key = LEFT;
    for (Chart.LineSeries line : chart.lines()) {
      g.setColor(color(line.style()));
      g.draw(path(line.path()));
      if (line.isNamed()) {
        g.draw(new Line2D.Double(key, 302, key + 14, 302));
        g.drawString(line.name(), (float) key + 18, 305);
        key += 30 + g.getFontMetrics().stringWidth(line.name());
      }
    }
    for (Chart.PointWithInterval mark : chart.marks()) {
      g.setColor(color("line-0"));
      double x = Double.parseDouble(mark.x());
      double y = Double.parseDouble(mark.y());
      g.fill(new Ellipse2D.Double(x - 3, y - 3, 6, 6));
    }
    g.translate(0, -TITLE_HEIGHT);
  }

  private static void gridLine(Graphics2D g, double x1, double y1, double x2, double y2) {
    g.setColor(GRID);
    g.setStroke(new BasicStroke(0.5f));
    g.draw(new Line2D.Double(x1, y1, x2, y2));
    g.setColor(Color.BLACK);
  }

  private static void centered(Graphics2D g, String text, double x, double y) {
    g.drawString(text, (float) (x - g.getFontMetrics().stringWidth(text) / 2.0), (float) y);
  }

  /** The colors of the light page. */
  private static Color color(String style) {
    return switch (style) {
      case "line-0" -> new Color(0x1F, 0x6F, 0xB2);
      case "line-1" -> new Color(0x7F, 0x8C, 0x8D);
      default -> new Color(0xD3, 0x54, 0x00);
    };
  }

  /** Reads {@code M46.0 10.0L…}, the only commands that a chart's path has. */
  private static Path2D path(String svg) {
    Path2D path = new Path2D.Double();
    Scanner numbers = new Scanner(svg).useDelimiter("[ML ]+");
    while (numbers.hasNext()) {
      double x = Double.parseDouble(numbers.next());
      double y = Double.parseDouble(numbers.next());
      if (path.getCurrentPoint() == null) {
        path.moveTo(x, y);
      } else {
        path.lineTo(x, y);
      }
    }
    return path;
  }
}
