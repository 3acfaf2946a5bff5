package dev.cxr.data.catalogue;

import java.util.Locale;

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
}
