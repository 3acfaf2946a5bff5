package dev.cxr.data.image;

/** Converts samples to 8-bit gray. */
final class Luma {

  private Luma() {}

  /** ITU-R BT.601 luma, {@code 0.299 R + 0.587 G + 0.114 B} rounded, of samples up to 16 bits. */
  static int of(int red, int green, int blue) {
    return (299 * red + 587 * green + 114 * blue + 500) / 1000;
  }

  /** Spreads 8-bit luma of 16 to 235 to 0 to 255. */
  static int ofPartial(int luma) {
    return Math.max(0, Math.min(255, ((luma - 16) * 255 + 109) / 219));
  }

  /** Converts 16 bits to 8: {@code v / 257} rounded, with the exact arithmetic of libpng. */
  static int toEightBits(int sample) {
    return (int) ((sample * 255L + 32_895) >> 16);
  }
}
