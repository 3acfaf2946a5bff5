package dev.cxr.data.image;

import java.util.Arrays;

/** The encodings of a DICOM data set (PS3.5 and PS3.6): supported ones, then others. */
enum TransferSyntax {
  IMPLICIT_LITTLE_ENDIAN("1.2.840.10008.1.2", "Implicit VR Little Endian", Pixels.NATIVE),
  EXPLICIT_LITTLE_ENDIAN("1.2.840.10008.1.2.1", "Explicit VR Little Endian", Pixels.NATIVE),
  DEFLATED("1.2.840.10008.1.2.1.99", "Deflated Explicit VR Little Endian", Pixels.NATIVE),
  BIG_ENDIAN("1.2.840.10008.1.2.2", "Explicit VR Big Endian", Pixels.NATIVE),
  ENCAPSULATED(
      "1.2.840.10008.1.2.1.98",
      "Encapsulated Uncompressed Explicit VR Little Endian",
      Pixels.NATIVE),
  JPEG_BASELINE("1.2.840.10008.1.2.4.50", "JPEG Baseline", Pixels.JPEG),
  JPEG_EXTENDED("1.2.840.10008.1.2.4.51", "JPEG Extended", Pixels.JPEG),
  JPEG_LOSSLESS("1.2.840.10008.1.2.4.57", "JPEG Lossless", Pixels.JPEG),
  JPEG_LOSSLESS_FIRST_ORDER(
      "1.2.840.10008.1.2.4.70", "JPEG Lossless, First-Order Prediction", Pixels.JPEG),
  JPEG_LS_LOSSLESS("1.2.840.10008.1.2.4.80", "JPEG-LS Lossless", Pixels.JPEG_LS),
  JPEG_LS("1.2.840.10008.1.2.4.81", "JPEG-LS", Pixels.JPEG_LS),
  JPEG_2000_LOSSLESS("1.2.840.10008.1.2.4.90", "JPEG 2000 Lossless", Pixels.JPEG_2000),
  JPEG_2000("1.2.840.10008.1.2.4.91", "JPEG 2000", Pixels.JPEG_2000),
  RLE("1.2.840.10008.1.2.5", "RLE Lossless", Pixels.RLE),

  JPEG_FULL_PROGRESSION("1.2.840.10008.1.2.4.55", "JPEG Full Progression", Pixels.UNSUPPORTED),
  JPEG_2000_PART_2_LOSSLESS(
      "1.2.840.10008.1.2.4.92", "JPEG 2000 Part 2 Lossless", Pixels.UNSUPPORTED),
  JPEG_2000_PART_2("1.2.840.10008.1.2.4.93", "JPEG 2000 Part 2", Pixels.UNSUPPORTED),
  MPEG_4("1.2.840.10008.1.2.4.102", "MPEG-4", Pixels.UNSUPPORTED),
  HTJ2K_LOSSLESS(
      "1.2.840.10008.1.2.4.201", "High-Throughput JPEG 2000 Lossless", Pixels.UNSUPPORTED),
  HTJ2K_LOSSLESS_RPCL(
      "1.2.840.10008.1.2.4.202", "High-Throughput JPEG 2000 Lossless RPCL", Pixels.UNSUPPORTED),
  HTJ2K("1.2.840.10008.1.2.4.203", "High-Throughput JPEG 2000", Pixels.UNSUPPORTED),

  /** Any other; messages must not contain its identifier, which is free text. */
  UNKNOWN("", "an unknown one", Pixels.UNSUPPORTED);

  /** How pixels are encoded. */
  enum Pixels {
    NATIVE,
    JPEG,
    JPEG_LS,
    JPEG_2000,
    RLE,
    UNSUPPORTED
  }

  private final String uid;
  private final String displayName;
  private final Pixels pixels;

  TransferSyntax(String uid, String title, Pixels pixels) {
    this.uid = uid;
    this.displayName = title;
    this.pixels = pixels;
  }

  static TransferSyntax of(String uid) {
    return Arrays.stream(values()).filter(s -> s.uid.equals(uid)).findFirst().orElse(UNKNOWN);
  }

  /** Whether elements contain their value representation. */
  boolean isExplicit() {
    return this != IMPLICIT_LITTLE_ENDIAN;
  }

  Pixels pixels() {
    return pixels;
  }

  /** The exception for a file whose pixels, or even data elements, cannot be read. */
  InvalidImageException unsupported() {
    return InvalidImageException.of(
        "a DICOM file that is uncompressed or compressed by JPEG, JPEG-LS, JPEG 2000 or RLE",
        this,
        "convert it to Explicit VR Little Endian");
  }

  /** As the standard names it. */
  @Override
  public String toString() {
    return displayName;
  }
}
