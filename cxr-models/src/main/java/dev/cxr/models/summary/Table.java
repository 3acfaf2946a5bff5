package dev.cxr.models.summary;

import java.util.ArrayList;
import java.util.List;

/** Columns as wide as what stands in them; the last two hold numbers and end in line. */
final class Table {

  private static final int NUMBERS = 2;

  private final List<List<String>> rows = new ArrayList<>();

  Table(String... heads) {
    rows.add(List.of(heads));
    line();
  }

  void add(String... cells) {
    rows.add(List.of(cells));
  }

  /** A line across. */
  void line() {
    rows.add(List.of());
  }

  String text() {
    int columns = rows.get(0).size();
    int[] widths = new int[columns];
    int across = 2 * (columns - 1);
    for (int column = 0; column < columns; column++) {
      int place = column;
      widths[column] =
          rows.stream()
              .filter(r -> !r.isEmpty())
              .mapToInt(r -> r.get(place).length())
              .max()
              .orElse(0);
      across += widths[column];
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      text.append(row.isEmpty() ? "-".repeat(across) : line(row, widths)).append('\n');
    }
    return text.toString();
  }

  private static String line(List<String> row, int[] widths) {
    List<String> cells = new ArrayList<>();
    for (int column = 0; column < widths.length; column++) {
      String space = " ".repeat(widths[column] - row.get(column).length());
      boolean isNumber = column >= widths.length - NUMBERS;
      cells.add(isNumber ? space + row.get(column) : row.get(column) + space);
    }
    return String.join("  ", cells).stripTrailing();
  }
}
