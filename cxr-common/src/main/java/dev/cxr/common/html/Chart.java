package dev.cxr.common.html;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
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

  /** A place on an axis and what stands there. */
  public record AxisTick(String at, String text) {}

  /**
   * A line.
   *
   * @param name for the key; none if empty
   * @param style a class of the style sheet
   * @param path the SVG path
   */
  public record LineSeries(String name, String style, String path) {
    /** Whether it stands in the key. */
    public boolean isNamed() {
      return !name.isEmpty();
    }
  }

  /** A point with the interval it stands in. */
  public record PointWithInterval(String style, String x, String y, String low, String high) {}

  /** Starts a chart whose axes run from the least to the most. */
  public static Builder builder(String id, String title, Axis x, Axis y) {
    return new Builder(id, title, x, y);
  }

  /**
   * What an axis shows and how far it runs.
   *
   * @param label what stands beside it
   * @param from where it begins
   * @param to where it ends, above {@code from}
   * @param ticks where a number stands
   */
  public record Axis(String label, double from, double to, List<Double> ticks) {

    /** With ticks at equal distances. */
    public Axis(String label, double from, double to) {
      this(
          label,
          from,
          to,
          IntStream.rangeClosed(0, TICKS).mapToObj(i -> from + (to - from) * i / TICKS).toList());
    }

    /** From 0 to 1. */
    public static Axis zeroToOne(String label) {
      return new Axis(label, 0, 1);
    }

    /** From 0 to a round number that is no less than {@code most}. */
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

    /** Whole numbers from 1 on. */
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

    /** Whole numbers where all are, or else as many places as tell the ticks apart. */
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

    /** Straight from point to point. */
    public Builder line(String name, String style, double[] xs, double[] ys) {
      StringBuilder path = new StringBuilder();
      long lastX = -1;
      long lastY = -1;
      for (int i = 0; i < xs.length; i++) {
        long atX = atX(xs[i]);
        long atY = atY(ys[i]);
        if (atX != lastX || atY != lastY) { // thousands of points share a pixel
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

    /** A point, and the interval it stands in. */
    public Builder mark(String style, double atX, double atY, double low, double high) {
      marks.add(
          new PointWithInterval(
              style, text(atX(atX)), text(atY(atY)), text(atY(low)), text(atY(high))));
      return this;
    }

    /** Ready to be drawn. */
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

    /** As fine as it is drawn; never below 0. */
    private static long tenths(double pixels) {
      return Math.round(10 * pixels);
    }

    private static String text(long tenths) {
      return tenths / 10 + "." + tenths % 10;
    }
  }
}
