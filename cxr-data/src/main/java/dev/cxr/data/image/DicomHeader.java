package dev.cxr.data.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** The attributes of a DICOM file, or of an item of a sequence, that {@link DicomTag} lists. */
final class DicomHeader {

  private static final int DATA_SET_OFFSET = 132; // after the preamble and its magic
  private static final int META_GROUP = 0x0002;
  private static final int FIRST_GROUP = 0x0008;

  /** That a file without preamble must begin with, to be taken for a DICOM file. */
  private static final int FIRST_ELEMENTS = 3;

  private static final int MAX_FIRST_LENGTH = 1024;
  private static final int MAX_INFLATED_BYTES = 64 << 20;
  private static final int MAX_TEXT_BYTES = 1024; // the standard allows 64
  private static final Pattern DECIMAL =
      Pattern.compile("[+-]?(\\d{1,16}\\.?\\d{0,16}|\\.\\d{1,16})([eE][+-]?\\d{1,2})?");

  private final byte[] file;
  private final TransferSyntax syntax;
  private final Encoding encoding;
  private final Set<String> notes;
  private final Map<DicomTag, DicomElementReader.Element> elements = new EnumMap<>(DicomTag.class);

  /**
   * How data elements are encoded.
   *
   * @param explicit whether they contain their value representation
   */
  private record Encoding(boolean explicit, ByteOrder order) {}

  private DicomHeader(byte[] file, TransferSyntax syntax, Encoding encoding, Set<String> notes) {
    this.file = file;
    this.syntax = syntax;
    this.encoding = encoding;
    this.notes = notes;
  }

  /**
   * Reads the attributes up to the given one, or up to the pixels if it is missing.
   *
   * @param file a DICOM file, or its first bytes
   * @throws InvalidImageException if the file is damaged or truncated, or its transfer syntax is
   *     unknown
   */
  static DicomHeader readUpTo(DicomTag last, byte[] file) throws InvalidImageException {
    Set<String> notes = new LinkedHashSet<>();
    var meta =
        new DicomHeader(
            file,
            TransferSyntax.EXPLICIT_LITTLE_ENDIAN,
            new Encoding(true, ByteOrder.LITTLE_ENDIAN),
            notes);
    DicomElementReader in = meta.reader(hasPreamble(file) ? DATA_SET_OFFSET : 0);
    while (in.hasNext() && in.nextGroup() == META_GROUP) {
      meta.collect(in);
    }
    int start = in.position();
    DicomHeader header = meta.dataSet(start);
    header.elements.putAll(meta.elements);
    in = header.reader(start);
    while (in.hasNext() && !header.has(last) && !header.has(DicomTag.PIXEL_DATA)) {
      header.collect(in);
    }
    return header;
  }

  /** The header of the data set after this file meta information, without its elements. */
  private DicomHeader dataSet(int start) throws InvalidImageException {
    TransferSyntax named = TransferSyntax.of(text(DicomTag.TRANSFER_SYNTAX));
    if (!has(DicomTag.TRANSFER_SYNTAX)) {
      notes.add(DicomNotes.NO_META);
      Encoding guessed = encodingAt(file, start, new Encoding(true, ByteOrder.LITTLE_ENDIAN));
      TransferSyntax syntax =
          guessed.order == ByteOrder.BIG_ENDIAN
              ? TransferSyntax.BIG_ENDIAN
              : guessed.explicit
                  ? TransferSyntax.EXPLICIT_LITTLE_ENDIAN
                  : TransferSyntax.IMPLICIT_LITTLE_ENDIAN;
      return new DicomHeader(file, syntax, guessed, notes);
    }
    if (named == TransferSyntax.UNKNOWN) {
      throw named.unsupported();
    }
    byte[] bytes = named == TransferSyntax.DEFLATED ? inflated(start) : file;
    var expected =
        new Encoding(
            named.isExplicit(),
            named == TransferSyntax.BIG_ENDIAN ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    Encoding found = encodingAt(bytes, start, expected);
    if (!found.equals(expected)) {
      notes.add(DicomNotes.OTHER_ENCODING);
    }
    return new DicomHeader(bytes, named, found, notes);
  }

  /** Determines the encoding from the first element of a data set. */
  private static Encoding encodingAt(byte[] file, int start, Encoding expected)
      throws InvalidImageException {
    if (file.length - start < 8) {
      return expected; // reading it reports the end
    }
    ByteOrder order = expected.order;
    if (file[start] == 0 && file[start + 1] != 0) {
      order = ByteOrder.BIG_ENDIAN;
    } else if (file[start] != 0 && file[start + 1] == 0) {
      order = ByteOrder.LITTLE_ENDIAN;
    }
    var in = new DicomElementReader(file, start, order, new HashSet<>());
    boolean isVr = in.isKnownVr();
    boolean isLength = !in.isAnyVr();
    return new Encoding(expected.explicit ? !isLength : isVr, order);
  }

  /** The file with an uncompressed data set, which is inflated twice: first to learn its size. */
  private byte[] inflated(int start) throws InvalidImageException {
    int size = inflate(start, new byte[1 << 16], 0);
    byte[] whole = Arrays.copyOf(file, start + size);
    inflate(start, whole, start);
    return whole; // if truncated, reading it reports the end
  }

  /**
   * Inflates the data set into an array, from {@code first} to its end, from there again if it is
   * full; returns the number of bytes.
   */
  private int inflate(int start, byte[] into, int first) throws InvalidImageException {
    var inflater = new Inflater(true);
    try {
      inflater.setInput(file, start, file.length - start);
      int size = 0;
      int read;
      do {
        read = inflater.inflate(into, first, into.length - first);
        size += read;
        if (size > MAX_INFLATED_BYTES) {
          throw InvalidImageException.of(
              "a data set of at most %d bytes".formatted(MAX_INFLATED_BYTES),
              "more",
              "save a smaller image");
        }
      } while (read > 0 && first == 0);
      return size;
    } catch (DataFormatException e) {
      throw new InvalidImageException(
          "expected deflated data, found other data: the file is damaged, fetch it again", e);
    } finally {
      inflater.end();
    }
  }

  static boolean hasPreamble(byte[] file) {
    return file.length >= DATA_SET_OFFSET
        && new String(file, DATA_SET_OFFSET - 4, 4, StandardCharsets.ISO_8859_1).equals("DICM");
  }

  /** Whether a file without preamble begins with data elements as a DICOM file does. */
  static boolean startsWithElements(byte[] file) {
    if (file.length < 8 || (file[0] | file[1]) == 0 || (file[0] & file[1]) != 0) {
      return false;
    }
    Set<String> notes = new HashSet<>();
    try {
      Encoding encoding = encodingAt(file, 0, new Encoding(true, ByteOrder.LITTLE_ENDIAN));
      var in = new DicomElementReader(file, 0, encoding.order, notes);
      int previous = 0;
      for (int i = 0; i < FIRST_ELEMENTS; i++) {
        int group = in.nextGroup();
        DicomElementReader.Element element = in.read(encoding.explicit);
        if ((group != META_GROUP && group != FIRST_GROUP)
            || (i > 0 && element.tag() <= previous)
            || element.length() > MAX_FIRST_LENGTH
            || element.length() % 2 != 0) {
          return false;
        }
        previous = element.tag();
        in.skip(element, encoding.explicit, 0);
      }
      return notes.isEmpty();
    } catch (InvalidImageException e) {
      return false;
    }
  }

  private DicomElementReader reader(int position) {
    return new DicomElementReader(file, position, encoding.order, notes);
  }

  /** Reads an element, but not the pixels. */
  private void collect(DicomElementReader in) throws InvalidImageException {
    DicomElementReader.Element element = in.read(encoding.explicit);
    Optional<DicomTag> tag = DicomTag.of(element.tag());
    tag.ifPresent(t -> elements.put(t, element));
    if (tag.isEmpty() || tag.get() != DicomTag.PIXEL_DATA) {
      in.skip(element, encoding.explicit, 0);
    }
  }

  /** The file, with an uncompressed data set if that was deflated. */
  byte[] file() {
    return file;
  }

  ByteOrder order() {
    return encoding.order;
  }

  TransferSyntax syntax() {
    return syntax;
  }

  /** What was read although it breaks the standard; may be added to. */
  Set<String> notes() {
    return notes;
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

  /** The first item of a sequence, if it has one. */
  Optional<DicomHeader> firstItem(DicomTag sequence) throws InvalidImageException {
    if (!has(sequence) || element(sequence).length() == 0) {
      return Optional.empty();
    }
    DicomElementReader.Element element = element(sequence);
    var itemEncoding =
        new Encoding(
            encoding.explicit && !element.vr().equals(DicomElementReader.UNKNOWN_VR),
            encoding.order);
    var found = new DicomHeader(file, syntax, itemEncoding, notes);
    DicomElementReader in = found.reader(element.valueOffset());
    DicomElementReader.Element item = in.read(itemEncoding.explicit);
    if (item.tag() != DicomElementReader.ITEM || item.length() == 0) {
      return Optional.empty();
    }
    boolean open = item.length() == DicomElementReader.UNDEFINED;
    long end = open ? file.length : in.position() + item.length();
    while (in.position() < end) {
      DicomElementReader.Element inner = in.read(itemEncoding.explicit);
      if (inner.tag() == DicomElementReader.END_OF_ITEM) {
        break;
      }
      DicomTag.of(inner.tag()).ifPresent(tag -> found.elements.put(tag, inner));
      in.skip(inner, itemEncoding.explicit, 1);
    }
    return Optional.of(found);
  }

  /** An unsigned 16-bit number. */
  int number(DicomTag tag) throws InvalidImageException {
    return numbers(tag, 1)[0];
  }

  /** An optional unsigned 16-bit number. */
  int number(DicomTag tag, int ifMissing) throws InvalidImageException {
    return has(tag) && element(tag).length() > 0 ? number(tag) : ifMissing;
  }

  /** The first unsigned 16-bit numbers. */
  int[] numbers(DicomTag tag, int count) throws InvalidImageException {
    ByteBuffer value = value(tag);
    if (value.remaining() < 2 * count) {
      throw damaged(tag, count == 1 ? "a number of 2 bytes" : count + " numbers of 2 bytes");
    }
    var numbers = new int[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = Short.toUnsignedInt(value.getShort());
    }
    return numbers;
  }

  /** The value of an attribute, in the byte order of the file. */
  ByteBuffer value(DicomTag tag) throws InvalidImageException {
    DicomElementReader.Element element = element(tag);
    if (element.length() > file.length - element.valueOffset()) {
      throw damaged(tag, "a value of a length");
    }
    return ByteBuffer.wrap(file, element.valueOffset(), (int) element.length()).order(order());
  }

  /**
   * The first decimal number of an attribute, if it has one.
   *
   * @throws InvalidImageException if it has a value that is not a number
   */
  OptionalDouble decimal(DicomTag tag) throws InvalidImageException {
    OptionalDouble number = decimalAt(tag, 0);
    if (number.isEmpty() && !valueAt(tag, 0).isEmpty()) {
      throw damaged(tag, "a decimal number");
    }
    return number;
  }

  /** The decimal number at an index of an attribute, if there is one. */
  OptionalDouble decimalAt(DicomTag tag, int index) {
    String text = valueAt(tag, index);
    String number = text.replace(',', '.');
    if (!DECIMAL.matcher(number).matches()) {
      return OptionalDouble.empty();
    }
    if (!number.equals(text)) {
      notes.add(DicomNotes.DECIMAL_COMMA);
    }
    return OptionalDouble.of(Double.parseDouble(number));
  }

  private String valueAt(DicomTag tag, int index) {
    String[] values = text(tag).split("\\\\", index + 2);
    return index < values.length ? values[index].strip() : "";
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
