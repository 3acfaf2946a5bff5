package dev.cxr.data.image;

import java.util.Arrays;

/** The encodings of a DICOM data set (PS3.5 and PS3.6): supported ones, then others. */
enum TransferSyntax {
  IMPLICIT_LITTLE_ENDIAN("1.2.840.10008.1.2", "Implicit VR Little Endian"),
  EXPLICIT_LITTLE_ENDIAN("1.2.840.10008.1.2.1", "Explicit VR Little Endian"),
  JPEG_BASELINE("1.2.840.10008.1.2.4.50", "JPEG Baseline"),

  ENCAPSULATED("1.2.840.10008.1.2.1.98", "Encapsulated Uncompressed Explicit VR Little Endian"),
  DEFLATED("1.2.840.10008.1.2.1.99", "Deflated Explicit VR Little Endian"),
  BIG_ENDIAN("1.2.840.10008.1.2.2", "Explicit VR Big Endian"),
  JPEG_EXTENDED("1.2.840.10008.1.2.4.51", "JPEG Extended"),
  JPEG_LOSSLESS("1.2.840.10008.1.2.4.57", "JPEG Lossless"),
  JPEG_LOSSLESS_FIRST_ORDER("1.2.840.10008.1.2.4.70", "JPEG Lossless, First-Order Prediction"),
  JPEG_LS_LOSSLESS("1.2.840.10008.1.2.4.80", "JPEG-LS Lossless"),
  JPEG_LS("1.2.840.10008.1.2.4.81", "JPEG-LS"),
  JPEG_2000_LOSSLESS("1.2.840.10008.1.2.4.90", "JPEG 2000 Lossless"),
  JPEG_2000("1.2.840.10008.1.2.4.91", "JPEG 2000"),
  HTJ2K_LOSSLESS("1.2.840.10008.1.2.4.201", "High-Throughput JPEG 2000 Lossless"),
  HTJ2K("1.2.840.10008.1.2.4.203", "High-Throughput JPEG 2000"),
  RLE("1.2.840.10008.1.2.5", "RLE Lossless"),

  /** Any other; messages must not contain its identifier, which is free text. */
  UNKNOWN("", "an unknown one");

  private final String uid;
  private final String displayName;

  TransferSyntax(String uid, String title) {
    this.uid = uid;
    this.displayName = title;
  }

  static TransferSyntax of(String uid) {
    return Arrays.stream(values()).filter(s -> s.uid.equals(uid)).findFirst().orElse(UNKNOWN);
  }

  /** Whether elements contain their value representation. */
  boolean isExplicit() {
    return this != IMPLICIT_LITTLE_ENDIAN;
  }

  /** Whether data elements are supported: neither compressed nor big endian. */
  boolean hasReadableHeader() {
    return this != DEFLATED && this != BIG_ENDIAN && this != UNKNOWN;
  }

  /** Whether pixels are supported. */
  boolean hasReadablePixels() {
    return this == IMPLICIT_LITTLE_ENDIAN
        || this == EXPLICIT_LITTLE_ENDIAN
        || this == JPEG_BASELINE;
  }

  /** As the standard names it. */
  @Override
  public String toString() {
    return displayName;
  }
}
