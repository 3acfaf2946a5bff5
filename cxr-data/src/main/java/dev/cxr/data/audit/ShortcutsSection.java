package dev.cxr.data.audit;

import dev.cxr.data.audit.Shortcut.ConstantFeature;
import dev.cxr.data.audit.Shortcut.PairMember;
import dev.cxr.data.audit.Shortcut.Separation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The table of shortcuts of one class pair and partition. */
record ShortcutsSection(
    ClassPair classPair,
    Partition partition,
    int firstCount,
    int secondCount,
    List<Row> rows,
    List<String> constants) {

  /** A feature with its area and interval. */
  record Row(
      String title,
      String unit,
      String area,
      String low,
      String high,
      String higherClass,
      boolean warning) {}

  boolean hasConstants() {
    return !constants.isEmpty();
  }

  static List<ShortcutsSection> of(List<Shortcut> shortcuts) {
    List<ShortcutsSection> sections = new ArrayList<>();
    for (ClassPair classPair : shortcuts.stream().map(Shortcut::classPair).distinct().toList()) {
      for (Partition partition : Partition.values()) {
        List<Shortcut> inSection =
            shortcuts.stream()
                .filter(s -> s.classPair().equals(classPair) && s.partition() == partition)
                .toList();
        if (!inSection.isEmpty()) {
          sections.add(of(classPair, partition, inSection));
        }
      }
    }
    return sections;
  }

  private static ShortcutsSection of(
      ClassPair classPair, Partition partition, List<Shortcut> shortcuts) {
    List<Row> rows = new ArrayList<>();
    List<String> constants = new ArrayList<>();
    for (Shortcut shortcut : shortcuts) {
      if (shortcut.outcome() instanceof Separation separation) {
        rows.add(row(shortcut, separation));
      } else if (shortcut.outcome() instanceof ConstantFeature same) {
        constants.add(shortcut.feature().describeConstant(same.value()));
      }
    }
    Shortcut any = shortcuts.get(0);
    return new ShortcutsSection(
        classPair, partition, any.firstCount(), any.secondCount(), rows, constants);
  }

  private static Row row(Shortcut shortcut, Separation separation) {
    FeatureAuroc auroc = separation.auroc();
    return new Row(
        shortcut.feature().title(),
        shortcut.feature().unit(),
        text(auroc.area()),
        text(auroc.low()),
        text(auroc.high()),
        separation.higherMember() == PairMember.FIRST
            ? shortcut.classPair().first()
            : shortcut.classPair().second(),
        separation.isWarning());
  }

  private static String text(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }
}
