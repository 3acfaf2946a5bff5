package dev.cxr.data.index;

import java.util.Locale;
import java.util.Optional;

/** The part of a dataset that an X-ray belongs to. */
public enum Split {
  /** For training. */
  TRAIN,
  /** For the choice of epoch, threshold, temperature and hyper-parameters. */
  VALIDATION,
  /** For the final report only. */
  TEST;

  /** {@return the name on the command line} */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Parses {@code train}, {@code val} or {@code test} and their longer forms, in any case. */
  static Optional<Split> fromFolderName(String name) {
    return switch (name.strip().toLowerCase(Locale.ROOT)) {
      case "train", "training" -> Optional.of(TRAIN);
      case "val", "valid", "validation" -> Optional.of(VALIDATION);
      case "test", "testing" -> Optional.of(TEST);
      default -> Optional.empty();
    };
  }
}
