package dev.cxr.data.image;

/** The supported compressions of a TIFF. */
enum TiffCompression {
  NONE(1, 1),
  PACK_BITS(32_773, 64),
  LZW(5, 4096), // the longest string of a 12-bit code
  DEFLATE(8, PngFile.DEFLATE_RATIO);

  /** The number of Deflate before Adobe registered 8. */
  private static final int OLD_DEFLATE = 32_946;

  private final int code;
  private final int ratio;

  TiffCompression(int code, int ratio) {
    this.code = code;
    this.ratio = ratio;
  }

  /**
   * Looks up the value of the tag.
   *
   * @throws InvalidImageException if it is unsupported; the message names it
   */
  static TiffCompression of(int code) throws InvalidImageException {
    if (code == OLD_DEFLATE) {
      return DEFLATE;
    }
    for (TiffCompression compression : values()) {
      if (compression.code == code) {
        return compression;
      }
    }
    String found =
        switch (code) {
          case 2 -> "CCITT run lengths";
          case 3 -> "CCITT Group 3";
          case 4 -> "CCITT Group 4";
          case 6 -> "JPEG (old style)";
          case 7 -> "JPEG";
          case 34_661 -> "JBIG";
          case 34_712 -> "JPEG 2000";
          case 34_887 -> "LERC";
          case 34_925 -> "LZMA";
          case 50_000 -> "Zstandard";
          case 50_001 -> "WebP";
          default -> "number " + code;
        };
    throw InvalidImageException.of(
        "a TIFF that is uncompressed or compressed by LZW, Deflate or PackBits",
        found,
        "save it as one of those");
  }

  int code() {
    return code;
  }

  /** The maximum compression ratio. */
  int ratio() {
    return ratio;
  }

  /** Whether the predictor tag applies, which stores differences along rows. */
  boolean takesPredictor() {
    return this == LZW || this == DEFLATE;
  }
}
