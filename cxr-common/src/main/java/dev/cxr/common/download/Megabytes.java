package dev.cxr.common.download;

import java.util.Locale;

/** Formats file sizes. */
public final class Megabytes {

  private Megabytes() {}

  /**
   * {@return a size in megabytes of 1,000,000 bytes, such as {@code 1,235.5 MB}}
   *
   * @param bytes the size
   */
  public static String format(long bytes) {
    return String.format(Locale.ROOT, "%,.1f MB", bytes / 1e6);
  }
}
