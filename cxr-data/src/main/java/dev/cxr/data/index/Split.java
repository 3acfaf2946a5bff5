package dev.cxr.data.index;

import java.util.Locale;
import java.util.Optional;

/** What an X-ray is used for. */
public enum Split {
  /** To learn from. */
  TRAIN,
  /** To choose the epoch, the threshold and everything else by. */
  VALIDATION,
  /** To report, and nothing else. */
  TEST;

  /** As people type it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The split that a folder is named after, in any case: {@code train}, {@code val} or {@code
   * test}.
   */
  static Optional<Split> fromFolderName(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "train" -> Optional.of(TRAIN);
      case "val" -> Optional.of(VALIDATION);
      case "test" -> Optional.of(TEST);
      default -> Optional.empty();
    };
  }
}
