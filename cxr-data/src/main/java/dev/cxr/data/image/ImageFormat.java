package dev.cxr.data.image;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.Predicate;

/** The supported file formats: how to detect and parse each. */
@SuppressWarnings("ImmutableEnumChecker") // a parser has no state
enum ImageFormat {
  /** Before the others, because its first 128 bytes can be those of another format. */
  DICOM(DicomMetadata::isDicom, DicomFile::of),
  JPEG(startsWith("\u00FF\u00D8\u00FF"), JpegFile::of),
  PNG(startsWith("\u0089PNG\r\n\u001A\n"), PngFile::of),
  /** Also BigTIFF, which is rejected by name. */
  TIFF(
      startsWith("II*\0").or(startsWith("MM\0*")).or(startsWith("II+\0")).or(startsWith("MM\0+")),
      TiffFile::of);

  private interface Parser {
    ImageFile parse(byte[] file) throws InvalidImageException;
  }

  private final Predicate<byte[]> detector;
  private final Parser parser;

  ImageFormat(Predicate<byte[]> detector, Parser parser) {
    this.detector = detector;
    this.parser = parser;
  }

  /**
   * Parses a file of this format.
   *
   * @throws InvalidImageException if it is unsupported, damaged or truncated
   */
  ImageFile open(byte[] file) throws InvalidImageException {
    return parser.parse(file);
  }

  /**
   * Detects the format of a file from its bytes.
   *
   * @throws InvalidImageException if it has another format
   */
  static ImageFormat of(byte[] file) throws InvalidImageException {
    for (ImageFormat format : values()) {
      if (format.detector.test(file)) {
        return format;
      }
    }
    throw InvalidImageException.of(
        "a JPEG (FF D8 FF), PNG (89 50 4E 47), TIFF (49 49 2A 00 or 4D 4D 00 2A) or DICOM (DICM at"
            + " byte 128) file",
        describeFirstBytes(file),
        "convert it to one of them");
  }

  private static Predicate<byte[]> startsWith(String magic) {
    byte[] first = magic.getBytes(StandardCharsets.ISO_8859_1);
    return file ->
        file.length >= first.length && Arrays.equals(file, 0, first.length, first, 0, first.length);
  }

  private static String describeFirstBytes(byte[] file) {
    byte[] first = Arrays.copyOf(file, Math.min(8, file.length));
    return file.length == 0
        ? "no bytes"
        : "a file that begins with " + HexFormat.ofDelimiter(" ").withUpperCase().formatHex(first);
  }
}
