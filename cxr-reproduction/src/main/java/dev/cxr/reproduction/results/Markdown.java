package dev.cxr.reproduction.results;

import java.util.List;
import java.util.regex.Pattern;

/** Tables, and names from elsewhere that must not break the markup. */
final class Markdown {

  private static final Pattern SPECIAL = Pattern.compile("[\\\\`|<*\\[]");
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  private Markdown() {}

  /** A name in a sentence or a cell. */
  static String escape(String name) {
    return SPECIAL.matcher(CONTROL.matcher(name).replaceAll(" ")).replaceAll("\\\\$0");
  }

  /** A table with a blank line after it; empty if it has no rows. */
  static String table(List<String> header, List<List<String>> rows) {
    if (rows.isEmpty()) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    text.append(row(header)).append("|---".repeat(header.size())).append("|\n");
    rows.forEach(row -> text.append(row(row)));
    return text.append('\n').toString();
  }

  private static String row(List<String> cells) {
    return "| " + String.join(" | ", cells) + " |\n";
  }
}
