package dev.cxr.data.image;

/** How samples become 8-bit gray. */
final class Luma {

  private Luma() {}

  /** ITU-R BT.601 luma, {@code 0.299 R + 0.587 G + 0.114 B} rounded, of samples up to 16 bits. */
  static int of(int red, int green, int blue) {
    return (299 * red + 587 * green + 114 * blue + 500) / 1000;
  }

  /** 16 bits as 8: {@code v / 257} rounded, by libpng's exact arithmetic. */
  static int toEightBits(int sample) {
    return (int) ((sample * 255L + 32_895) >> 16);
  }
}
