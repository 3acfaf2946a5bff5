package dev.cxr.models.summary;

import java.util.ArrayList;
import java.util.List;

/** A table with columns as wide as their content; the last two are numeric and right-aligned. */
final class TextTable {

  private static final int NUMERIC_COLUMNS = 2;

  private final List<List<String>> rows = new ArrayList<>();

  TextTable(String... header) {
    rows.add(List.of(header));
    separator();
  }

  void add(String... cells) {
    rows.add(List.of(cells));
  }

  /** Adds a horizontal line. */
  void separator() {
    rows.add(List.of());
  }

  String text() {
    int columns = rows.get(0).size();
    int[] widths = new int[columns];
    int lineWidth = 2 * (columns - 1);
    for (int column = 0; column < columns; column++) {
      int index = column;
      widths[column] =
          rows.stream()
              .filter(r -> !r.isEmpty())
              .mapToInt(r -> r.get(index).length())
              .max()
              .orElse(0);
      lineWidth += widths[column];
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      text.append(row.isEmpty() ? "-".repeat(lineWidth) : separator(row, widths)).append('\n');
    }
    return text.toString();
  }

  private static String separator(List<String> row, int[] widths) {
    List<String> cells = new ArrayList<>();
    for (int column = 0; column < widths.length; column++) {
      String space = " ".repeat(widths[column] - row.get(column).length());
      boolean isNumber = column >= widths.length - NUMERIC_COLUMNS;
      cells.add(isNumber ? space + row.get(column) : row.get(column) + space);
    }
    return String.join("  ", cells).stripTrailing();
  }
}
