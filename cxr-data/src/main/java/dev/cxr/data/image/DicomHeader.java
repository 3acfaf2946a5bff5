package dev.cxr.data.image;

import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/** The attributes of a DICOM file that {@link DicomTag} lists. */
final class DicomHeader {

  private static final int DATA_SET_OFFSET = 132; // after the preamble and its magic
  private static final int META_GROUP = 0x0002;
  private static final int MAX_TEXT_BYTES = 1024; // the standard allows 64
  private static final Pattern DECIMAL =
      Pattern.compile("[+-]?(\\d{1,16}\\.?\\d{0,16}|\\.\\d{1,16})([eE][+-]?\\d{1,2})?");

  private final byte[] file;
  private final TransferSyntax syntax;
  private final Map<DicomTag, DicomElementReader.Element> elements;

  private DicomHeader(
      byte[] file, TransferSyntax syntax, Map<DicomTag, DicomElementReader.Element> elements) {
    this.file = file;
    this.syntax = syntax;
    this.elements = elements;
  }

  /**
   * Reads the attributes up to the given one, or up to the pixels if it is missing.
   *
   * @param file a DICOM file, or its first bytes
   * @throws InvalidImageException if the file is damaged or truncated, or its transfer syntax has
   *     an unsupported header
   */
  static DicomHeader readUpTo(DicomTag last, byte[] file) throws InvalidImageException {
    var in = new DicomElementReader(file, DATA_SET_OFFSET);
    Map<DicomTag, DicomElementReader.Element> found = new EnumMap<>(DicomTag.class);
    while (in.hasNext() && in.nextGroup() == META_GROUP) {
      collect(in.read(true), true, in, found);
    }
    var meta = new DicomHeader(file, TransferSyntax.UNKNOWN, found);
    if (!meta.has(DicomTag.TRANSFER_SYNTAX)) {
      throw InvalidImageException.of(
          "the attribute " + DicomTag.TRANSFER_SYNTAX, "none", "save the file again as DICOM");
    }
    TransferSyntax syntax = TransferSyntax.of(meta.text(DicomTag.TRANSFER_SYNTAX));
    if (!syntax.hasReadableHeader()) {
      throw unsupported(syntax);
    }
    while (in.hasNext() && !found.containsKey(last) && !found.containsKey(DicomTag.PIXEL_DATA)) {
      DicomElementReader.Element element = in.read(syntax.isExplicit());
      collect(element, syntax.isExplicit(), in, found);
    }
    return new DicomHeader(file, syntax, found);
  }

  private static void collect(
      DicomElementReader.Element element,
      boolean explicit,
      DicomElementReader in,
      Map<DicomTag, DicomElementReader.Element> found)
      throws InvalidImageException {
    var tag = DicomTag.of(element.tag());
    tag.ifPresent(t -> found.put(t, element));
    if (tag.isEmpty() || tag.get() != DicomTag.PIXEL_DATA) {
      in.skip(element, explicit, 0);
    }
  }

  static InvalidImageException unsupported(TransferSyntax syntax) {
    return InvalidImageException.of(
        "a DICOM file in Implicit or Explicit VR Little Endian or JPEG Baseline",
        syntax,
        "convert it to one of them");
  }

  TransferSyntax syntax() {
    return syntax;
  }

  boolean has(DicomTag tag) {
    return elements.containsKey(tag);
  }

  /** Whether the file has pixels, or a size in pixels and should have them. */
  boolean describesPixels() {
    return has(DicomTag.ROWS)
        || has(DicomTag.PIXEL_DATA)
        || has(DicomTag.FLOAT_PIXEL_DATA)
        || has(DicomTag.DOUBLE_PIXEL_DATA);
  }

  /**
   * The element of an attribute.
   *
   * @throws InvalidImageException if it is missing
   */
  DicomElementReader.Element element(DicomTag tag) throws InvalidImageException {
    DicomElementReader.Element element = elements.get(tag);
    if (element == null) {
      throw InvalidImageException.of(
          "the attribute " + tag, "none", "give a DICOM file with an image");
    }
    return element;
  }

  /** An unsigned 16-bit number. */
  int number(DicomTag tag) throws InvalidImageException {
    DicomElementReader.Element element = element(tag);
    if (element.length() < 2 || element.length() == DicomElementReader.UNDEFINED) {
      throw damaged(tag, "a number of 2 bytes");
    }
    return (file[element.valueOffset()] & 0xFF) | (file[element.valueOffset() + 1] & 0xFF) << 8;
  }

  /** An optional unsigned 16-bit number. */
  int number(DicomTag tag, int ifMissing) throws InvalidImageException {
    return has(tag) ? number(tag) : ifMissing;
  }

  /** The first decimal number of an attribute, if it has one. */
  OptionalDouble decimal(DicomTag tag) throws InvalidImageException {
    String first = text(tag).split("\\\\", 2)[0].strip();
    if (first.isEmpty()) {
      return OptionalDouble.empty();
    }
    if (!DECIMAL.matcher(first).matches()) {
      throw damaged(tag, "a decimal number");
    }
    return OptionalDouble.of(Double.parseDouble(first));
  }

  /** Text without padding, cut to {@link #MAX_TEXT_BYTES}; empty if the attribute is missing. */
  String text(DicomTag tag) {
    DicomElementReader.Element element = elements.get(tag);
    if (element == null || element.length() == DicomElementReader.UNDEFINED) {
      return "";
    }
    var text =
        new String(
            file,
            element.valueOffset(),
            (int) Math.min(element.length(), MAX_TEXT_BYTES),
            StandardCharsets.ISO_8859_1);
    return text.replace('\0', ' ').strip();
  }

  private static InvalidImageException damaged(DicomTag tag, String expected) {
    return InvalidImageException.damaged(tag + " to be " + expected, "another value");
  }
}
