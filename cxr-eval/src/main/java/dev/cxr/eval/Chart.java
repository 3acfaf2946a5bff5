package dev.cxr.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * A line chart as values for {@code chart.mustache}, which draws it as SVG inside the page: its
 * colours are the page's own, in the light and in the dark, and its text can be read aloud.
 *
 * @param id unique in the page
 * @param title what it shows
 * @param description what a reader who cannot see it should know
 * @param xLabel of the horizontal axis
 * @param yLabel of the vertical axis
 * @param xTicks along the horizontal axis
 * @param yTicks along the vertical axis
 * @param lines in the order they are drawn
 * @param marks single points
 */
record Chart(
    String id,
    String title,
    String description,
    String xLabel,
    String yLabel,
    List<Tick> xTicks,
    List<Tick> yTicks,
    List<Line> lines,
    List<Mark> marks) {

  private static final double LEFT = 46;
  private static final double TOP = 10;
  private static final double WIDTH = 300;
  private static final double HEIGHT = 250;
  private static final int TICKS = 5;

  /** A place on an axis and what stands there. */
  record Tick(String at, String text) {}

  /**
   * A line.
   *
   * @param name for the key; none if empty
   * @param style a class of the style sheet
   * @param path the SVG path
   */
  record Line(String name, String style, String path) {
    boolean isNamed() {
      return !name.isEmpty();
    }
  }

  /** A point with the interval it stands in. */
  record Mark(String style, String x, String y, String low, String high) {}

  /** Starts a chart whose axes run from the least to the most. */
  static Builder builder(String id, String title, Axis x, Axis y) {
    return new Builder(id, title, x, y);
  }

  /** What an axis shows and how far it runs. */
  record Axis(String label, double from, double to) {

    /** From 0 to 1. */
    static Axis unit(String label) {
      return new Axis(label, 0, 1);
    }

    private double share(double value) {
      return (Math.min(Math.max(value, from), to) - from) / (to - from);
    }

    private double tick(int index) {
      return from + (to - from) * index / TICKS;
    }
  }

  /** Collects lines and marks. */
  static final class Builder {
    private final String id;
    private final String title;
    private final Axis x;
    private final Axis y;
    private final List<Line> lines = new ArrayList<>();
    private final List<Mark> marks = new ArrayList<>();

    private Builder(String id, String title, Axis x, Axis y) {
      this.id = id;
      this.title = title;
      this.x = x;
      this.y = y;
    }

    /** Straight from point to point. */
    Builder line(String name, String style, double[] xs, double[] ys) {
      StringBuilder path = new StringBuilder();
      String last = "";
      for (int i = 0; i < xs.length; i++) {
        String point = atX(xs[i]) + " " + atY(ys[i]);
        if (!point.equals(last)) { // thousands of points share a pixel
          path.append(path.isEmpty() ? "M" : "L").append(point);
        }
        last = point;
      }
      if (!path.isEmpty()) {
        lines.add(new Line(name, style, path.toString()));
      }
      return this;
    }

    Builder mark(String style, double atX, double atY, double low, double high) {
      marks.add(new Mark(style, atX(atX), atY(atY), atY(low), atY(high)));
      return this;
    }

    /** Ready to be drawn. */
    Chart build(String description) {
      return new Chart(
          id,
          title,
          description,
          x.label(),
          y.label(),
          IntStream.rangeClosed(0, TICKS)
              .mapToObj(i -> new Tick(atX(x.tick(i)), text(x.tick(i))))
              .toList(),
          IntStream.rangeClosed(0, TICKS)
              .mapToObj(i -> new Tick(atY(y.tick(i)), text(y.tick(i))))
              .toList(),
          List.copyOf(lines),
          List.copyOf(marks));
    }

    private String atX(double value) {
      return number(LEFT + WIDTH * x.share(value));
    }

    private String atY(double value) {
      return number(TOP + HEIGHT * (1 - y.share(value)));
    }

    private static String number(double value) {
      return String.format(Locale.ROOT, "%.1f", value);
    }

    private static String text(double value) {
      return String.format(Locale.ROOT, "%.2f", value + 0.0).replaceAll("(\\.\\d)0$", "$1");
    }
  }
}
