package dev.cxr.eval.figure;

import dev.cxr.common.font.LiberationSans;
import dev.cxr.common.html.Chart;
import dev.cxr.common.html.HtmlPage;
import dev.cxr.eval.metrics.MultiClassConfusionMatrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * A figure of the width of a journal column, 90 mm, with text of 7 and 8 pt on white.
 *
 * @param name of its files, without extension
 * @param title what it shows, for the metadata of its files
 * @param svg the figure as SVG
 * @param height in mm
 */
public record Figure(String name, String title, String svg, double height) {

  /** The width of a journal column, in mm. */
  static final double WIDTH = 90;

  /** A unit of the SVG is 0.25 mm, and a font size of 10 units is 7.1 pt. */
  private static final double UNIT = 0.25;

  private static final int UNITS_ACROSS = (int) (WIDTH / UNIT);
  private static final int MARGIN = 6;
  private static final int LEGEND_TEXT = 78;
  private static final int NOTE_LINE = 12;
  private static final float NOTE_SIZE = 10;

  /** Square, as both axes of most charts run from 0 to 1. */
  private static final Chart.Frame FRAME = new Chart.Frame(46, 10, 300, 300);

  /** From the plot area to the first line below the label of its axis. */
  private static final int BELOW_AXIS = 52;

  private static final int MATRIX_TOP = 46;
  private static final int CELL_HEIGHT = 60;
  private static final int ROW_NAMES = 84;

  /** Black text is legible on the colour of a full cell. */
  private static final double FULL = 0.6;

  /** The values of {@code chart-figure.mustache}. */
  private record ChartView(Sheet sheet, Chart chart, List<LegendEntry> legend) {}

  /** The values of {@code matrix-figure.mustache}. */
  private record MatrixView(
      Sheet sheet,
      int across,
      int down,
      List<ClassName> columns,
      List<ClassName> rows,
      List<Cell> cells) {}

  /** The values of {@code figure.mustache}, which both share. */
  private record Sheet(
      String title,
      String description,
      String family,
      int height,
      String millimetres,
      List<TextLine> notes) {}

  private record TextLine(int y, String text) {}

  private record LegendEntry(int y, String style, boolean isLine, List<TextLine> lines) {}

  private record ClassName(int x, List<TextLine> lines) {}

  record Cell(int x, int y, int width, int height, long count, double rowShare) {

    int middle() {
      return x + width / 2;
    }

    int countY() {
      return y + height / 2 - 1;
    }

    int shareY() {
      return y + height / 2 + 14;
    }

    String share() {
      return String.format(Locale.ROOT, "%.1f %%", 100 * rowShare);
    }

    /** From white towards the colour of line-0. */
    String fill() {
      double depth = FULL * rowShare;
      return String.format(
          Locale.ROOT,
          "#%02x%02x%02x",
          Math.round(0xff - (0xff - 0x00) * depth),
          Math.round(0xff - (0xff - 0x72) * depth),
          Math.round(0xff - (0xff - 0xb2) * depth));
    }
  }

  /**
   * {@return a chart}
   *
   * @param name of its files
   * @param chart its styles are those of {@code figure.mustache}
   * @param note small print below it
   */
  public static Figure of(String name, Chart chart, String note) {
    Chart framed = chart.withFrame(FRAME);
    List<LegendEntry> legend = new ArrayList<>();
    int bottom = FRAME.bottom() + BELOW_AXIS;
    for (Chart.LineSeries line : framed.lines()) {
      bottom = addLegend(legend, bottom, line.name(), line.style(), true);
    }
    for (Chart.PointWithInterval mark : framed.marks()) {
      bottom = addLegend(legend, bottom, mark.name(), mark.style(), false);
    }
    Sheet sheet = sheet(chart.title(), chart.description(), bottom, note);
    return of(name, sheet, "chart-figure", new ChartView(sheet, framed, legend));
  }

  /** Adds a named entry, in as many lines as it needs, and returns where the next begins. */
  private static int addLegend(
      List<LegendEntry> legend, int y, String name, String style, boolean line) {
    List<String> lines = TextLines.wrap(name, NOTE_SIZE, UNITS_ACROSS - LEGEND_TEXT - MARGIN);
    if (lines.isEmpty()) {
      return y;
    }
    legend.add(new LegendEntry(y - 3, style, line, textLines(y, lines)));
    return y + lines.size() * NOTE_LINE + 2;
  }

  /**
   * {@return a confusion matrix: counts with their share of the row, the fuller the darker}
   *
   * @param name of its files
   * @param title what it shows
   * @param matrix the counts
   * @param note small print below it
   */
  public static Figure of(
      String name, String title, MultiClassConfusionMatrix matrix, String note) {
    int classes = matrix.classes().size();
    int width = (UNITS_ACROSS - ROW_NAMES - MARGIN) / classes;
    List<ClassName> columns = new ArrayList<>();
    List<ClassName> rows = new ArrayList<>();
    List<Cell> cells = new ArrayList<>();
    for (int i = 0; i < classes; i++) {
      String label = matrix.classes().get(i);
      int x = ROW_NAMES + i * width;
      int y = MATRIX_TOP + i * CELL_HEIGHT;
      columns.add(className(x + width / 2, MATRIX_TOP - 6, 1, label, width));
      rows.add(className(ROW_NAMES - 6, y + CELL_HEIGHT / 2 + 3, 0.5, label, ROW_NAMES - 6 - 18));
      List<Long> counts = matrix.counts().get(i);
      long support = counts.stream().mapToLong(Long::longValue).sum();
      for (int j = 0; j < classes; j++) {
        double share = support == 0 ? 0 : (double) counts.get(j) / support;
        cells.add(new Cell(ROW_NAMES + j * width, y, width, CELL_HEIGHT, counts.get(j), share));
      }
    }
    int bottom = MATRIX_TOP + classes * CELL_HEIGHT + 18;
    String description =
        "Rows are actual classes, columns predicted ones; counts with their share of the row.";
    Sheet sheet = sheet(title, description, bottom, note);
    int across = ROW_NAMES + classes * width / 2;
    int down = MATRIX_TOP + classes * CELL_HEIGHT / 2;
    return of(
        name, sheet, "matrix-figure", new MatrixView(sheet, across, down, columns, rows, cells));
  }

  /** A class name in as many lines as it needs, of which a share lies above {@code y}. */
  private static ClassName className(int x, int y, double above, String name, int width) {
    List<String> lines = TextLines.wrap(name, NOTE_SIZE, width);
    int first = y - (int) Math.round(above * (lines.size() - 1) * NOTE_LINE);
    return new ClassName(x, textLines(first, lines));
  }

  private static Sheet sheet(String title, String description, int top, String note) {
    List<String> lines = TextLines.wrap(note, NOTE_SIZE, UNITS_ACROSS - 2 * MARGIN);
    int height = top + lines.size() * NOTE_LINE;
    return new Sheet(
        title,
        description,
        LiberationSans.family(),
        height,
        String.valueOf(height * UNIT),
        textLines(top + 4, lines));
  }

  private static List<TextLine> textLines(int first, List<String> lines) {
    return IntStream.range(0, lines.size())
        .mapToObj(i -> new TextLine(first + i * NOTE_LINE, lines.get(i)))
        .toList();
  }

  private static Figure of(String name, Sheet sheet, String template, Object view) {
    return new Figure(
        name, sheet.title(), HtmlPage.render(Figure.class, template, view), sheet.height() * UNIT);
  }
}
