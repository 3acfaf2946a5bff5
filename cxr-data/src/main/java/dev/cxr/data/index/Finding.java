package dev.cxr.data.index;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a radiograph shows according to its collection. */
public enum Finding {
  /** No finding. */
  NORMAL,
  /** Pneumonia of bacterial cause. */
  BACTERIAL_PNEUMONIA,
  /** Pneumonia of viral cause. */
  VIRAL_PNEUMONIA,
  /** Pneumonia of a cause the collection does not tell. */
  PNEUMONIA;

  /** Whether this is a pneumonia of any cause. */
  public boolean isPneumonia() {
    return this != NORMAL;
  }

  /**
   * Whether one image can have both findings: a pneumonia of unstated cause goes with either cause.
   */
  public boolean isCompatibleWith(Finding other) {
    return this == other
        || (isPneumonia() && other.isPneumonia() && (this == PNEUMONIA || other == PNEUMONIA));
  }

  /** The finding of that name, in any case, with spaces or dashes for underscores. */
  static Optional<Finding> parse(String name) {
    String constant = name.toUpperCase(Locale.ROOT).replace(' ', '_').replace('-', '_');
    return Arrays.stream(values()).filter(finding -> finding.name().equals(constant)).findFirst();
  }

  /** The pneumonia whose cause a file name tells, as Kermany's collection does. */
  static Finding pneumoniaFromFileName(String fileName) {
    String name = fileName.toLowerCase(Locale.ROOT);
    if (name.contains("bacteria")) {
      return BACTERIAL_PNEUMONIA;
    }
    return name.contains("virus") ? VIRAL_PNEUMONIA : PNEUMONIA;
  }
}
