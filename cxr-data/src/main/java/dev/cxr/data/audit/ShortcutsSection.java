package dev.cxr.data.audit;

import dev.cxr.data.audit.Shortcut.Group;
import dev.cxr.data.audit.Shortcut.SameForAll;
import dev.cxr.data.audit.Shortcut.Told;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What features alone tell of one comparison on one side, as a table. */
record ShortcutsSection(
    Comparison comparison,
    Side side,
    int first,
    int second,
    List<Row> rows,
    List<String> constants) {

  /** A feature, its area and interval, as text and as places between 0.5 and 1 in percent. */
  record Row(
      String title,
      String unit,
      String area,
      String low,
      String high,
      String greater,
      boolean warning,
      String at,
      String from,
      String width) {}

  boolean hasConstants() {
    return !constants.isEmpty();
  }

  static List<ShortcutsSection> of(List<Shortcut> shortcuts) {
    List<ShortcutsSection> sections = new ArrayList<>();
    for (Comparison comparison : Comparison.values()) {
      for (Side side : Side.values()) {
        List<Shortcut> here =
            shortcuts.stream()
                .filter(s -> s.comparison() == comparison && s.side() == side)
                .toList();
        if (!here.isEmpty()) {
          sections.add(of(comparison, side, here));
        }
      }
    }
    return sections;
  }

  private static ShortcutsSection of(Comparison comparison, Side side, List<Shortcut> shortcuts) {
    List<Row> rows = new ArrayList<>();
    List<String> constants = new ArrayList<>();
    for (Shortcut shortcut : shortcuts) {
      if (shortcut.outcome() instanceof Told told) {
        rows.add(row(shortcut, told));
      } else if (shortcut.outcome() instanceof SameForAll same) {
        constants.add(shortcut.feature().constant(same.value()));
      }
    }
    Shortcut any = shortcuts.get(0);
    return new ShortcutsSection(comparison, side, any.first(), any.second(), rows, constants);
  }

  private static Row row(Shortcut shortcut, Told told) {
    Auroc auroc = told.auroc();
    double low = Math.max(0.5, auroc.low());
    return new Row(
        shortcut.feature().title(),
        shortcut.feature().unit(),
        text(auroc.area()),
        text(auroc.low()),
        text(auroc.high()),
        told.greater() == Group.FIRST
            ? shortcut.comparison().first()
            : shortcut.comparison().second(),
        told.isWarning(),
        percent(auroc.area() - 0.5),
        percent(low - 0.5),
        percent(auroc.high() - low));
  }

  private static String text(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }

  /** Of half the unit: what an area spans. */
  private static String percent(double part) {
    return String.format(Locale.ROOT, "%.1f", 200 * part);
  }
}
