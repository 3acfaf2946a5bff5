package dev.cxr.common.html;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * A line chart: what it shows, from which a template draws SVG. {@code chart.mustache} draws it
 * inside a page, in the colours of the page and readable by screen readers.
 *
 * @param id unique in the page
 * @param title the heading
 * @param description the text for readers who cannot see the chart
 * @param x the horizontal axis
 * @param y the vertical axis
 * @param series the lines, in drawing order
 * @param points the single points
 * @param frame where a template draws
 */
public record Chart(
    String id,
    String title,
    String description,
    Axis x,
    Axis y,
    List<Series> series,
    List<Mark> points,
    Frame frame) {

  private static final int COLOURS = 4;
  private static final int TICKS = 5;

  /** The number of lines that a reader can distinguish: each colour in three dash patterns. */
  public static final int MAX_LINES = 3 * COLOURS;

  /**
   * The plot area, in SVG units.
   *
   * @param left its left end
   * @param top its upper end
   * @param width its width
   * @param height its height
   */
  public record Frame(int left, int top, int width, int height) {

    /** The plot area of {@code chart.mustache}. */
    public static final Frame PAGE = new Frame(46, 10, 300, 250);

    /** {@return the right end} */
    public int right() {
      return left + width;
    }

    /** {@return the lower end} */
    public int bottom() {
      return top + height;
    }
  }

  /**
   * {@return the classes of colour and dash pattern that distinguish a line from the others}
   *
   * @param index of the line, less than {@link #MAX_LINES}
   */
  public static String lineStyle(int index) {
    return "%s dash-%d".formatted(colourStyle(index), index / COLOURS);
  }

  /**
   * {@return the class of the colour of a line}
   *
   * @param index of the line
   */
  public static String colourStyle(int index) {
    return "line-" + index % COLOURS;
  }

  /**
   * The data of a line of straight segments.
   *
   * @param name its name in the legend; empty for none
   * @param style its class in the style sheet
   * @param vertices where it runs
   */
  public record Series(String name, String style, List<Vertex> vertices) {}

  /**
   * A vertex of a line.
   *
   * @param x the horizontal value
   * @param y the vertical value
   */
  public record Vertex(double x, double y) {}

  /**
   * The data of a single point.
   *
   * @param name its name in the legend; empty for none
   * @param style its class in the style sheet
   * @param x the horizontal value
   * @param y the vertical value
   */
  public record Mark(String name, String style, Extent x, Extent y) {}

  /**
   * A value with its interval.
   *
   * @param low the lower end of the interval
   * @param value the value
   * @param high the upper end of the interval
   */
  public record Extent(double low, double value, double high) {

    /**
     * {@return a value without interval}
     *
     * @param value the value
     */
    public static Extent of(double value) {
      return new Extent(value, value, value);
    }
  }

  /**
   * A tick of an axis.
   *
   * @param at its position, in SVG units
   * @param text its label
   */
  public record AxisTick(String at, String text) {}

  /**
   * A line.
   *
   * @param name its name in the legend; empty for none
   * @param style its class in the style sheet
   * @param path its SVG path
   */
  public record LineSeries(String name, String style, String path) {
    /** {@return whether it is in the legend} */
    public boolean isNamed() {
      return !name.isEmpty();
    }
  }

  /**
   * A point with its intervals, in SVG units.
   *
   * @param name its name in the legend; empty for none
   * @param style its class in the style sheet
   * @param x its position
   * @param y its position
   * @param left the lower end of the horizontal interval
   * @param right the upper end of the horizontal interval
   * @param low the lower end of the vertical interval
   * @param high the upper end of the vertical interval
   */
  public record PointWithInterval(
      String name,
      String style,
      String x,
      String y,
      String left,
      String right,
      String low,
      String high) {
    /** {@return whether it is in the legend} */
    public boolean isNamed() {
      return !name.isEmpty();
    }
  }

  /**
   * {@return the same chart in another plot area}
   *
   * @param newFrame where a template draws
   */
  public Chart withFrame(Frame newFrame) {
    return new Chart(id, title, description, x, y, series, points, newFrame);
  }

  /** {@return the label of the horizontal axis} */
  public String xLabel() {
    return x.label();
  }

  /** {@return the label of the vertical axis} */
  public String yLabel() {
    return y.label();
  }

  /** {@return the ticks of the horizontal axis} */
  public List<AxisTick> xTicks() {
    return x.ticks().stream().map(t -> new AxisTick(text(atX(t)), x.formatTick(t))).toList();
  }

  /** {@return the ticks of the vertical axis} */
  public List<AxisTick> yTicks() {
    return y.ticks().stream().map(t -> new AxisTick(text(atY(t)), y.formatTick(t))).toList();
  }

  /** {@return the lines, in drawing order} */
  public List<LineSeries> lines() {
    return series.stream().map(s -> new LineSeries(s.name(), s.style(), path(s))).toList();
  }

  /** {@return the single points} */
  public List<PointWithInterval> marks() {
    return points.stream()
        .map(
            point ->
                new PointWithInterval(
                    point.name(),
                    point.style(),
                    text(atX(point.x().value())),
                    text(atY(point.y().value())),
                    text(atX(point.x().low())),
                    text(atX(point.x().high())),
                    text(atY(point.y().low())),
                    text(atY(point.y().high()))))
        .toList();
  }

  private String path(Series line) {
    StringBuilder path = new StringBuilder();
    long lastX = -1;
    long lastY = -1;
    for (Vertex vertex : line.vertices()) {
      long atX = atX(vertex.x());
      long atY = atY(vertex.y());
      if (atX != lastX || atY != lastY) { // drops points at the same position
        path.append(path.isEmpty() ? 'M' : 'L').append(text(atX)).append(' ').append(text(atY));
      }
      lastX = atX;
      lastY = atY;
    }
    return path.toString();
  }

  private long atX(double value) {
    return tenths(frame.left() + frame.width() * x.fraction(value));
  }

  private long atY(double value) {
    return tenths(frame.top() + frame.height() * (1 - y.fraction(value)));
  }

  private static long tenths(double pixels) {
    return Math.round(10 * pixels);
  }

  private static String text(long tenths) {
    return tenths / 10 + "." + tenths % 10;
  }

  /**
   * {@return a builder}
   *
   * @param id unique in the page
   * @param title the heading
   * @param x the horizontal axis
   * @param y the vertical axis
   */
  public static Builder builder(String id, String title, Axis x, Axis y) {
    return new Builder(id, title, x, y);
  }

  /**
   * An axis.
   *
   * @param label its label
   * @param from its minimum
   * @param to its maximum, above {@code from}
   * @param ticks the values with a label
   */
  public record Axis(String label, double from, double to, List<Double> ticks) {

    /**
     * Creates an axis with evenly spaced ticks.
     *
     * @param label its label
     * @param from its minimum
     * @param to its maximum, above {@code from}
     */
    public Axis(String label, double from, double to) {
      this(
          label,
          from,
          to,
          IntStream.rangeClosed(0, TICKS).mapToObj(i -> from + (to - from) * i / TICKS).toList());
    }

    /**
     * {@return an axis from 0 to 1}
     *
     * @param label its label
     */
    public static Axis zeroToOne(String label) {
      return new Axis(label, 0, 1);
    }

    /**
     * {@return an axis from 0 to a round number}
     *
     * @param label its label
     * @param maximum the largest value to show
     */
    public static Axis upTo(String label, double maximum) {
      double power = Math.pow(10, Math.floor(Math.log10(maximum / TICKS)));
      double step =
          DoubleStream.of(1, 2, 2.5, 4, 5, 10)
              .map(round -> round * power)
              .filter(round -> round * TICKS >= maximum)
              .findFirst()
              .orElse(10 * power);
      return new Axis(label, 0, step * TICKS);
    }

    /**
     * {@return an axis of whole numbers from 1}
     *
     * @param label its label
     * @param last the largest number to show
     */
    public static Axis counting(String label, int last) {
      int to = Math.max(2, last);
      int step = 1 + (to - 2) / (2 * TICKS);
      return new Axis(
          label,
          1,
          to,
          IntStream.iterate(1, i -> i <= to, i -> i + step).mapToObj(i -> (double) i).toList());
    }

    private double fraction(double value) {
      return (Math.min(Math.max(value, from), to) - from) / (to - from);
    }

    /** Integers if all ticks are integers, or else enough decimals to distinguish the ticks. */
    private String formatTick(double tick) {
      if (ticks.stream().allMatch(t -> t == Math.rint(t)) && to > 1) {
        return String.format(Locale.ROOT, "%.0f", tick);
      }
      int places = Math.max(2, (int) Math.ceil(1 - Math.log10((to - from) / TICKS)));
      return String.format(Locale.ROOT, "%." + places + "f", tick + 0.0)
          .replaceAll("(\\.\\d+?)0+$", "$1");
    }
  }

  /** Collects lines and marks. */
  public static final class Builder {
    private final String id;
    private final String title;
    private final Axis x;
    private final Axis y;
    private final List<Series> series = new ArrayList<>();
    private final List<Mark> points = new ArrayList<>();

    private Builder(String id, String title, Axis x, Axis y) {
      this.id = id;
      this.title = title;
      this.x = x;
      this.y = y;
    }

    /**
     * Adds a line of straight segments; nothing if it has no point.
     *
     * @param name its name in the legend; empty for none
     * @param style its class in the style sheet
     * @param xs the horizontal values
     * @param ys the vertical values
     * @return this builder
     */
    public Builder line(String name, String style, double[] xs, double[] ys) {
      if (xs.length > 0) {
        series.add(
            new Series(
                name,
                style,
                IntStream.range(0, xs.length).mapToObj(i -> new Vertex(xs[i], ys[i])).toList()));
      }
      return this;
    }

    /**
     * Adds a point that is not in the legend.
     *
     * @param style its class in the style sheet
     * @param atX its horizontal value
     * @param atY its vertical value
     * @param low the lower end of the vertical interval
     * @param high the upper end of the vertical interval
     * @return this builder
     */
    public Builder mark(String style, double atX, double atY, double low, double high) {
      return mark("", style, Extent.of(atX), new Extent(low, atY, high));
    }

    /**
     * Adds a point with its intervals.
     *
     * @param name its name in the legend; empty for none
     * @param style its class in the style sheet
     * @param atX its horizontal value
     * @param atY its vertical value
     * @return this builder
     */
    public Builder mark(String name, String style, Extent atX, Extent atY) {
      points.add(new Mark(name, style, atX, atY));
      return this;
    }

    /**
     * {@return the chart, in the plot area of a page}
     *
     * @param description the text for readers who cannot see the chart
     */
    public Chart build(String description) {
      return new Chart(
          id, title, description, x, y, List.copyOf(series), List.copyOf(points), Frame.PAGE);
    }
  }
}
