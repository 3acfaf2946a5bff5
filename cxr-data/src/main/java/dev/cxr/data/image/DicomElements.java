package dev.cxr.data.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * Walks over data elements in little endian (PS3.5 chapter 7), from one to the next of the top
 * level; sequences are stepped over whole.
 *
 * <p>Every length is checked against what is left. Messages tell tags and byte positions, never a
 * value.
 */
final class DicomElements {

  /** The length of a value that ends with a delimiter. */
  static final long UNDEFINED = 0xFFFF_FFFFL;

  static final int ITEM = 0xFFFE_E000;
  private static final int END_OF_SEQUENCE = 0xFFFE_E0DD;
  private static final int END_OF_ITEM = 0xFFFE_E00D;
  private static final int DELIMITER_GROUP = 0xFFFE;

  /** Files seen in the wild nest five deep. */
  private static final int MAX_DEPTH = 16;

  private static final Set<String> SHORT =
      Set.of(
          "AE", "AS", "AT", "CS", "DA", "DS", "DT", "FD", "FL", "IS", "LO", "LT", "PN", "SH", "SL",
          "SS", "ST", "TM", "UI", "UL", "US");
  private static final Set<String> LONG =
      Set.of("OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV");

  /** Unknown: of undefined length it is a sequence, its items without kinds (PS3.5 6.2.2). */
  private static final String UNKNOWN = "UN";

  private final ByteBuffer in;
  private int at;

  /**
   * One data element.
   *
   * @param tag group and element
   * @param kind its value representation, empty where none is told
   * @param valueAt where the value begins
   * @param length bytes of the value, or {@link #UNDEFINED}
   */
  record Element(int tag, String kind, int valueAt, long length) {}

  /** Starts at a byte of a file or of a file's beginning. */
  DicomElements(byte[] file, int at) {
    this.in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    this.at = at;
  }

  boolean hasNext() {
    return at < in.capacity();
  }

  /** The group of the next element. */
  int nextGroup() throws ImageRefusedException {
    require(2);
    return Short.toUnsignedInt(in.getShort(at));
  }

  /** The next element, its value not yet stepped over. */
  Element read(boolean explicit) throws ImageRefusedException {
    require(8);
    int start = at;
    int group = Short.toUnsignedInt(in.getShort(at));
    int tag = group << 16 | Short.toUnsignedInt(in.getShort(at + 2));
    if (!explicit || group == DELIMITER_GROUP) {
      at += 8;
      return new Element(tag, "", at, Integer.toUnsignedLong(in.getInt(start + 4)));
    }
    var kind = new String(in.array(), at + 4, 2, StandardCharsets.ISO_8859_1);
    if (SHORT.contains(kind)) {
      at += 8;
      return new Element(tag, kind, at, Short.toUnsignedLong(in.getShort(start + 6)));
    }
    if (!LONG.contains(kind)) {
      throw damaged("a known value representation", tag, start);
    }
    require(12);
    at += 12;
    return new Element(tag, kind, at, Integer.toUnsignedLong(in.getInt(start + 8)));
  }

  /** Steps over the value of the element just read. */
  void skip(Element element, boolean explicit) throws ImageRefusedException {
    skip(element, explicit, 1);
  }

  private void skip(Element element, boolean explicit, int depth) throws ImageRefusedException {
    if (element.tag() >>> 16 == DELIMITER_GROUP) {
      throw damaged("a data element", element.tag(), element.valueAt() - 8);
    }
    if (element.length() != UNDEFINED) {
      skipBytes(element);
      return;
    }
    if (depth > MAX_DEPTH) {
      throw damaged("sequences at most %d deep".formatted(MAX_DEPTH), element.tag(), at);
    }
    boolean explicitItems = explicit && !element.kind().equals(UNKNOWN);
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

  /** Steps over what was just read, its length being defined. */
  void skipBytes(Element item) throws ImageRefusedException {
    require(item.length());
    at += (int) item.length();
  }

  /** Checks that a sequence ends with what came after its last item. */
  void requireEndOfSequence(Element last) throws ImageRefusedException {
    if (last.tag() != END_OF_SEQUENCE) {
      throw damaged("an item or the end of its sequence", last.tag(), last.valueAt() - 8);
    }
  }

  private void require(long bytes) throws ImageRefusedException {
    if (bytes > in.capacity() - at) {
      throw new ImageRefusedException(
          "expected %d bytes at byte %d, found the end after byte %d: the file is truncated, fetch"
                  .formatted(bytes, at, in.capacity())
              + " it again");
    }
  }

  private static ImageRefusedException damaged(String expected, int tag, int at) {
    return new ImageRefusedException(
        "expected %s in a DICOM file, found %s at byte %d: the file is damaged, fetch it again"
            .formatted(expected, DicomTag.text(tag), at));
  }
}
