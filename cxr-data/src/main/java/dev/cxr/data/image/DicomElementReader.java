package dev.cxr.data.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * Reads data elements of a data set (PS3.5 chapter 7); skips sequences.
 *
 * <p>Checks every length against the remaining bytes. Messages contain tags and byte positions, but
 * no values.
 */
final class DicomElementReader {

  /** The length of a value that ends with a delimiter. */
  static final long UNDEFINED = 0xFFFF_FFFFL;

  static final int ITEM = 0xFFFE_E000;
  private static final int END_OF_SEQUENCE = 0xFFFE_E0DD;
  static final int END_OF_ITEM = 0xFFFE_E00D;
  private static final int DELIMITER_GROUP = 0xFFFE;

  /** Real files have sequences up to five levels deep. */
  private static final int MAX_DEPTH = 16;

  private static final Set<String> SHORT_LENGTH_VRS =
      Set.of(
          "AE", "AS", "AT", "CS", "DA", "DS", "DT", "FD", "FL", "IS", "LO", "LT", "PN", "SH", "SL",
          "SS", "ST", "TM", "UI", "UL", "US");
  private static final Set<String> LONG_LENGTH_VRS =
      Set.of("OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV");

  /** Unknown; with undefined length it is a sequence in implicit VR (PS3.5 6.2.2). */
  static final String UNKNOWN_VR = "UN";

  private final ByteBuffer in;
  private final Set<String> notes;
  private int position;

  /**
   * One data element.
   *
   * @param tag group and element
   * @param vr its value representation, empty in implicit VR
   * @param valueOffset byte position of the value
   * @param length bytes of the value, or {@link #UNDEFINED}
   */
  record Element(int tag, String vr, int valueOffset, long length) {}

  /**
   * Starts at a byte position of a file, or of the first bytes of a file.
   *
   * @param notes receives what is read although it breaks the standard
   */
  DicomElementReader(byte[] file, int position, ByteOrder order, Set<String> notes) {
    this.in = ByteBuffer.wrap(file).order(order);
    this.position = position;
    this.notes = notes;
  }

  int position() {
    return position;
  }

  boolean hasNext() {
    return position < in.capacity();
  }

  /** The group of the next element. */
  int nextGroup() throws InvalidImageException {
    require(2);
    return Short.toUnsignedInt(in.getShort(position));
  }

  /** Reads the header of the next element, but does not skip its value. */
  Element read(boolean explicit) throws InvalidImageException {
    require(8);
    int start = position;
    int group = Short.toUnsignedInt(in.getShort(position));
    int tag = group << 16 | Short.toUnsignedInt(in.getShort(position + 2));
    if (!explicit || group == DELIMITER_GROUP) {
      position += 8;
      return new Element(tag, "", position, Integer.toUnsignedLong(in.getInt(start + 4)));
    }
    var kind = new String(in.array(), position + 4, 2, StandardCharsets.ISO_8859_1);
    if (SHORT_LENGTH_VRS.contains(kind)) {
      position += 8;
      return new Element(tag, kind, position, Short.toUnsignedLong(in.getShort(start + 6)));
    }
    if (!LONG_LENGTH_VRS.contains(kind)) {
      notes.add(DicomNotes.UNKNOWN_VR);
      // As dcmtk does: a new one, which has a long length, consists of letters.
      if (!isVr(kind) || in.getShort(start + 6) != 0) {
        position += 8;
        return new Element(tag, kind, position, Short.toUnsignedLong(in.getShort(start + 6)));
      }
    }
    require(12);
    position += 12;
    return new Element(tag, kind, position, Integer.toUnsignedLong(in.getInt(start + 8)));
  }

  /** Whether a value representation of the standard follows the next tag. */
  boolean isKnownVr() throws InvalidImageException {
    String vr = nextVr();
    return SHORT_LENGTH_VRS.contains(vr) || LONG_LENGTH_VRS.contains(vr);
  }

  /** Whether two letters follow the next tag, as a value representation has them. */
  boolean isAnyVr() throws InvalidImageException {
    return isVr(nextVr());
  }

  private String nextVr() throws InvalidImageException {
    require(8);
    return new String(in.array(), position + 4, 2, StandardCharsets.ISO_8859_1);
  }

  private static boolean isVr(String kind) {
    return kind.chars().allMatch(c -> c >= 'A' && c <= 'Z');
  }

  /** Skips the value of the element just read, which is in {@code depth} sequences. */
  void skip(Element element, boolean explicit, int depth) throws InvalidImageException {
    if (element.tag() >>> 16 == DELIMITER_GROUP) {
      throw damaged("a data element", element.tag(), element.valueOffset() - 8);
    }
    if (element.length() != UNDEFINED) {
      skipBytes(element);
      return;
    }
    if (depth >= MAX_DEPTH) {
      throw damaged("sequences at most %d deep".formatted(MAX_DEPTH), element.tag(), position);
    }
    boolean explicitItems = explicit && !element.vr().equals(UNKNOWN_VR);
    Element item = read(explicitItems);
    while (item.tag() == ITEM) {
      if (item.length() == UNDEFINED) {
        Element inner = read(explicitItems);
        while (inner.tag() != END_OF_ITEM) {
          skip(inner, explicitItems, depth + 1);
          inner = read(explicitItems);
        }
      } else {
        skipBytes(item);
      }
      item = read(explicitItems);
    }
    requireEndOfSequence(item);
  }

  /** Skips the value of an element or item of defined length. */
  void skipBytes(Element item) throws InvalidImageException {
    require(item.length());
    position += (int) item.length();
  }

  /** Checks that the element after the last item ends the sequence. */
  void requireEndOfSequence(Element last) throws InvalidImageException {
    if (last.tag() != END_OF_SEQUENCE) {
      throw damaged("an item or the end of its sequence", last.tag(), last.valueOffset() - 8);
    }
  }

  private void require(long bytes) throws InvalidImageException {
    if (bytes > in.capacity() - position) {
      throw InvalidImageException.truncated(
          "%d bytes at byte %d".formatted(bytes, position), in.capacity());
    }
  }

  private static InvalidImageException damaged(String expected, int tag, int at) {
    return InvalidImageException.damaged(
        expected + " in a DICOM file", "%s at byte %d".formatted(DicomTag.text(tag), at));
  }
}
