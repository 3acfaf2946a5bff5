package dev.cxr.common.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A table for a terminal, its columns as wide as their content and two spaces apart.
 *
 * @param columns of the same number of cells
 */
public record TextTable(List<Column> columns) {

  private static final String GAP = "  ";

  /**
   * Shortens a text.
   *
   * @param text any
   * @param maxLength in characters
   * @return the text, or its beginning and an ellipsis if it is longer
   */
  public static String shortened(String text, int maxLength) {
    return text.length() <= maxLength ? text : text.substring(0, maxLength - 1) + "…";
  }

  /**
   * A column.
   *
   * @param title its first line
   * @param cells its other lines
   * @param priority 0 if it is always shown; of the others the greatest is the first to go
   */
  public record Column(String title, List<String> cells, int priority) {

    /**
     * A column that is always shown.
     *
     * @param title its first line
     * @param cells its other lines
     */
    public Column(String title, List<String> cells) {
      this(title, cells, 0);
    }

    private int width() {
      return cells.stream().mapToInt(String::length).reduce(title.length(), Math::max);
    }

    private String line(int row) {
      String text = row < 0 ? title : cells.get(row);
      return text + " ".repeat(width() - text.length());
    }
  }

  /**
   * Leaves out columns that are not needed, as far as a width requires.
   *
   * @param width in characters
   * @return the table with the other columns
   */
  public TextTable fitting(int width) {
    Optional<Column> least =
        columns.stream()
            .filter(column -> column.priority > 0)
            .max(Comparator.comparingInt(Column::priority));
    if (width() <= width || least.isEmpty()) {
      return this;
    }
    return new TextTable(columns.stream().filter(column -> !column.equals(least.get())).toList())
        .fitting(width);
  }

  /**
   * Divides the columns.
   *
   * @param width in characters
   * @return several tables if one would be too wide; each has the first column
   */
  public List<TextTable> wrapped(int width) {
    List<TextTable> tables = new ArrayList<>();
    Column first = columns.get(0);
    TextTable current = new TextTable(List.of(first));
    for (Column column : columns.subList(1, columns.size())) {
      TextTable wider = current.with(column);
      if (wider.width() > width && current.columns.size() > 1) {
        tables.add(current);
        current = new TextTable(List.of(first, column));
      } else {
        current = wider;
      }
    }
    tables.add(current);
    return tables;
  }

  private TextTable with(Column column) {
    List<Column> more = new ArrayList<>(columns);
    more.add(column);
    return new TextTable(more);
  }

  private int width() {
    return columns.stream().mapToInt(Column::width).sum() + GAP.length() * (columns.size() - 1);
  }

  /** A line for the titles and one for each row. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int row = -1; row < columns.get(0).cells.size(); row++) {
      int line = row;
      text.append(
              String.join(GAP, columns.stream().map(column -> column.line(line)).toList())
                  .stripTrailing())
          .append(System.lineSeparator());
    }
    return text.toString();
  }
}
