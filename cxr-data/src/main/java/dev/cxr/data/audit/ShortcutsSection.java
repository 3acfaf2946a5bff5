package dev.cxr.data.audit;

import dev.cxr.data.audit.Shortcut.Group;
import dev.cxr.data.audit.Shortcut.SameForAll;
import dev.cxr.data.audit.Shortcut.Told;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What features alone tell of one comparison on one side, as a table. */
record ShortcutsSection(Comparison comparison, Side side, int first, int second, List<Row> rows) {

  /** A feature: its one value, or how well it tells. */
  record Row(String title, String unit, Optional<String> sameForAll, Optional<Figure> told) {}

  /** An area and its interval, as text and as places between 0.5 and 1 in percent. */
  record Figure(
      String area,
      String low,
      String high,
      String greater,
      boolean warning,
      String at,
      String from,
      String width) {}

  static List<ShortcutsSection> of(List<Shortcut> shortcuts) {
    List<ShortcutsSection> sections = new ArrayList<>();
    for (Comparison comparison : Comparison.values()) {
      for (Side side : Side.values()) {
        List<Shortcut> here =
            shortcuts.stream()
                .filter(s -> s.comparison() == comparison && s.side() == side)
                .toList();
        if (!here.isEmpty()) {
          sections.add(
              new ShortcutsSection(
                  comparison,
                  side,
                  here.get(0).first(),
                  here.get(0).second(),
                  here.stream().map(ShortcutsSection::row).toList()));
        }
      }
    }
    return sections;
  }

  private static Row row(Shortcut shortcut) {
    Feature feature = shortcut.feature();
    if (shortcut.outcome() instanceof SameForAll same) {
      String value = String.format(Locale.ROOT, "%." + feature.decimals() + "f", same.value());
      return new Row(feature.title(), feature.unit(), Optional.of(value), Optional.empty());
    }
    Told told = (Told) shortcut.outcome();
    Auroc auroc = told.auroc();
    double low = Math.max(0.5, auroc.low());
    Figure figure =
        new Figure(
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
    return new Row(feature.title(), feature.unit(), Optional.empty(), Optional.of(figure));
  }

  private static String text(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }

  /** Of half the unit: what an area spans. */
  private static String percent(double part) {
    return String.format(Locale.ROOT, "%.1f", 200 * part);
  }
}
