package dev.cxr.common.download;

import java.util.Locale;

/** Sizes of files, as people read them. */
public final class Megabytes {

  private Megabytes() {}

  /** In megabytes of 1,000,000, such as {@code 1,235.5 MB}. */
  public static String format(long bytes) {
    return String.format(Locale.ROOT, "%,.1f MB", bytes / 1e6);
  }
}
