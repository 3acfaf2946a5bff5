package dev.cxr.common.html;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * The values of {@code chart.mustache}, which draws a line chart as SVG inside the page, in the
 * colours of the page and readable by screen readers.
 *
 * @param id unique in the page
 * @param title the heading
 * @param description the text for readers who cannot see the chart
 * @param xLabel the label of the horizontal axis
 * @param yLabel the label of the vertical axis
 * @param xTicks the ticks of the horizontal axis
 * @param yTicks the ticks of the vertical axis
 * @param lines the lines, in drawing order
 * @param marks the single points
 */
public record Chart(
    String id,
    String title,
    String description,
    String xLabel,
    String yLabel,
    List<AxisTick> xTicks,
    List<AxisTick> yTicks,
    List<LineSeries> lines,
    List<PointWithInterval> marks) {

  private static final double LEFT = 46;
  private static final double TOP = 10;
  private static final double WIDTH = 300;
  private static final double HEIGHT = 250;
  private static final int TICKS = 5;

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
   * A point with its interval.
   *
   * @param style its class in the style sheet
   * @param x its position, in SVG units
   * @param y its position, in SVG units
   * @param low the lower end of the interval, in SVG units
   * @param high the upper end of the interval, in SVG units
   */
  public record PointWithInterval(String style, String x, String y, String low, String high) {}

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
    private final List<LineSeries> lines = new ArrayList<>();
    private final List<PointWithInterval> marks = new ArrayList<>();

    private Builder(String id, String title, Axis x, Axis y) {
      this.id = id;
      this.title = title;
      this.x = x;
      this.y = y;
    }

    /**
     * Adds a line of straight segments.
     *
     * @param name its name in the legend; empty for none
     * @param style its class in the style sheet
     * @param xs the horizontal values
     * @param ys the vertical values
     * @return this builder
     */
    public Builder line(String name, String style, double[] xs, double[] ys) {
      StringBuilder path = new StringBuilder();
      long lastX = -1;
      long lastY = -1;
      for (int i = 0; i < xs.length; i++) {
        long atX = atX(xs[i]);
        long atY = atY(ys[i]);
        if (atX != lastX || atY != lastY) { // drops points at the same position
          path.append(path.isEmpty() ? 'M' : 'L').append(text(atX)).append(' ').append(text(atY));
        }
        lastX = atX;
        lastY = atY;
      }
      if (!path.isEmpty()) {
        lines.add(new LineSeries(name, style, path.toString()));
      }
      return this;
    }

    /**
     * Adds a point with its interval.
     *
     * @param style its class in the style sheet
     * @param atX its horizontal value
     * @param atY its vertical value
     * @param low the lower end of the interval
     * @param high the upper end of the interval
     * @return this builder
     */
    public Builder mark(String style, double atX, double atY, double low, double high) {
      marks.add(
          new PointWithInterval(
              style, text(atX(atX)), text(atY(atY)), text(atY(low)), text(atY(high))));
      return this;
    }

    /**
     * {@return the chart}
     *
     * @param description the text for readers who cannot see the chart
     */
    public Chart build(String description) {
      return new Chart(
          id,
          title,
          description,
          x.label(),
          y.label(),
          x.ticks().stream()
              .map(tick -> new AxisTick(text(atX(tick)), x.formatTick(tick)))
              .toList(),
          y.ticks().stream()
              .map(tick -> new AxisTick(text(atY(tick)), y.formatTick(tick)))
              .toList(),
          List.copyOf(lines),
          List.copyOf(marks));
    }

    private long atX(double value) {
      return tenths(LEFT + WIDTH * x.fraction(value));
    }

    private long atY(double value) {
      return tenths(TOP + HEIGHT * (1 - y.fraction(value)));
    }

    private static long tenths(double pixels) {
      return Math.round(10 * pixels);
    }

    private static String text(long tenths) {
      return tenths / 10 + "." + tenths % 10;
    }
  }
}
