package dev.cxr.data.index;

import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** The diagnosis of a radiograph, as its dataset states it. */
public enum Finding {
  /** No finding. */
  NORMAL,
  /** Pneumonia of bacterial cause. */
  BACTERIAL_PNEUMONIA,
  /** Pneumonia of viral cause. */
  VIRAL_PNEUMONIA,
  /** Pneumonia of a cause that the dataset does not state. */
  PNEUMONIA;

  /** {@return whether this is a pneumonia of any cause} */
  public boolean isPneumonia() {
    return this != NORMAL;
  }

  /**
   * Compares the findings of two copies of one image.
   *
   * @param other another finding
   * @return whether one image can have both: a pneumonia of unstated cause is compatible with
   *     either cause
   */
  public boolean isCompatibleWith(Finding other) {
    return this == other
        || (isPneumonia() && other.isPneumonia() && (this == PNEUMONIA || other == PNEUMONIA));
  }

  /**
   * {@return whether one image can have all of these findings}
   *
   * @param findings of copies of one image
   */
  public static boolean areCompatible(Collection<Finding> findings) {
    return findings.stream().allMatch(one -> findings.stream().allMatch(one::isCompatibleWith));
  }

  /** The finding with this name, in any case, with spaces or dashes for underscores. */
  static Optional<Finding> parse(String name) {
    String constant = name.toUpperCase(Locale.ROOT).replace(' ', '_').replace('-', '_');
    return Arrays.stream(values()).filter(finding -> finding.name().equals(constant)).findFirst();
  }

  /** The pneumonia whose cause is part of the file name, as in the dataset of Kermany et al. */
  static Finding pneumoniaFromFileName(String fileName) {
    String name = fileName.toLowerCase(Locale.ROOT);
    if (name.contains("bacteria")) {
      return BACTERIAL_PNEUMONIA;
    }
    return name.contains("virus") ? VIRAL_PNEUMONIA : PNEUMONIA;
  }
}
