package dev.cxr.data.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/** Writes DICOM files attribute by attribute, valid or invalid. */
final class DicomBuilder {

  static final String IMPLICIT = "1.2.840.10008.1.2";
  static final String EXPLICIT = "1.2.840.10008.1.2.1";
  static final String JPEG = "1.2.840.10008.1.2.4.50";
  static final String DEFLATED = "1.2.840.10008.1.2.1.99";
  static final String BIG_ENDIAN = "1.2.840.10008.1.2.2";

  static final int MODALITY = 0x0008_0060;
  static final int PATIENT_NAME = 0x0010_0010;
  static final int PATIENT_ID = 0x0010_0020;
  static final int SAMPLES = 0x0028_0002;
  static final int PHOTOMETRIC = 0x0028_0004;
  static final int PLANAR = 0x0028_0006;
  static final int FRAMES = 0x0028_0008;
  static final int ROWS = 0x0028_0010;
  static final int COLUMNS = 0x0028_0011;
  static final int BITS_ALLOCATED = 0x0028_0100;
  static final int BITS_STORED = 0x0028_0101;
  static final int HIGH_BIT = 0x0028_0102;
  static final int SIGNED = 0x0028_0103;
  static final int PIXEL_SPACING = 0x0028_0030;
  static final int ASPECT_RATIO = 0x0028_0034;
  static final int PADDING = 0x0028_0120;
  static final int PADDING_LIMIT = 0x0028_0121;
  static final int WINDOW_CENTER = 0x0028_1050;
  static final int WINDOW_WIDTH = 0x0028_1051;
  static final int INTERCEPT = 0x0028_1052;
  static final int SLOPE = 0x0028_1053;
  static final int VOI_FUNCTION = 0x0028_1056;
  static final int MODALITY_LUT = 0x0028_3000;
  static final int LUT_DESCRIPTOR = 0x0028_3002;
  static final int LUT_DATA = 0x0028_3006;
  static final int VOI_LUT = 0x0028_3010;
  static final int PIXELS = 0x7FE0_0010;

  private static final Set<String> LONG_LENGTH_VRS = Set.of("OB", "OW", "SQ", "UN", "UT");

  private final String syntax;
  private final Map<Integer, byte[]> elements = new TreeMap<>(Integer::compareUnsigned);

  DicomBuilder(String syntax) {
    this.syntax = syntax;
    text(MODALITY, "CS", "DX");
    text(PATIENT_NAME, "PN", "MUSTERMANN^ERIKA");
    text(PATIENT_ID, "LO", "ID-4711");
    text(PHOTOMETRIC, "CS", "MONOCHROME2");
    number(SAMPLES, 1);
    number(SIGNED, 0);
  }

  /** 8-bit MONOCHROME2 of these pixels. */
  static DicomBuilder of(String syntax, GrayImage image) {
    return new DicomBuilder(syntax).size(image.width(), image.height(), 8).pixels(image.pixels());
  }

  /** 16 bits allocated, {@code bits} of them stored, MONOCHROME2. */
  static DicomBuilder of(int width, int height, int bits, short[] samples) {
    var bytes = ByteBuffer.allocate(samples.length * 2).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asShortBuffer().put(samples);
    return new DicomBuilder(EXPLICIT).size(width, height, bits).pixels(bytes.array());
  }

  /** A JPEG in two fragments after an offset table. */
  static DicomBuilder ofJpeg(int width, int height, int samples, byte[] jpeg) {
    int half = jpeg.length / 4 * 2;
    return new DicomBuilder(JPEG)
        .size(width, height, 8)
        .text(PHOTOMETRIC, "CS", samples == 1 ? "MONOCHROME2" : "YBR_FULL_422")
        .number(SAMPLES, samples)
        .items(
            PIXELS,
            "OB",
            item(new byte[4]),
            item(Arrays.copyOf(jpeg, half)),
            item(Arrays.copyOfRange(jpeg, half, jpeg.length)));
  }

  /** 1 sample per pixel, compressed, in one fragment after an empty offset table. */
  static DicomBuilder ofFragment(String syntax, int width, int height, int bits, byte[] coded) {
    return new DicomBuilder(syntax)
        .size(width, height, bits)
        .items(
            PIXELS, "OB", item(new byte[0]), item(Arrays.copyOf(coded, (coded.length + 1) & ~1)));
  }

  private DicomBuilder size(int width, int height, int bits) {
    number(COLUMNS, width);
    number(ROWS, height);
    number(BITS_ALLOCATED, bits > 8 ? 16 : 8);
    number(BITS_STORED, bits);
    return number(HIGH_BIT, bits - 1);
  }

  DicomBuilder number(int tag, int value) {
    return numbers(tag, value);
  }

  DicomBuilder numbers(int tag, int... values) {
    return value(tag, "US", words(values));
  }

  /** 16-bit numbers in the byte order of the transfer syntax. */
  private byte[] words(int... values) {
    var words = ByteBuffer.allocate(2 * values.length).order(order());
    for (int value : values) {
      words.putShort((short) value);
    }
    return words.array();
  }

  /** A sequence of one lookup table. */
  DicomBuilder lut(int sequence, int first, int bits, int... entries) {
    byte[] item =
        new DicomBuilder(syntax)
            .numbers(LUT_DESCRIPTOR, entries.length, first, bits)
            .value(LUT_DATA, "OW", words(entries))
            .dataSet();
    return items(sequence, "SQ", join(delimiter(order(), 0xE000, item.length), item));
  }

  DicomBuilder text(int tag, String kind, String text) {
    String even = text.length() % 2 == 0 ? text : text + " ";
    return value(tag, kind, even.getBytes(StandardCharsets.ISO_8859_1));
  }

  DicomBuilder pixels(byte[] bytes) {
    return value(PIXELS, "OW", bytes);
  }

  DicomBuilder value(int tag, String kind, byte[] bytes) {
    elements.put(
        tag,
        join(elementHeader(tag, kind, bytes.length, !syntax.equals(IMPLICIT), order()), bytes));
    return this;
  }

  /** A value that ends with a delimiter: its bytes are items, less that delimiter. */
  DicomBuilder items(int tag, String kind, byte[]... items) {
    byte[] head = elementHeader(tag, kind, -1, !syntax.equals(IMPLICIT), order());
    elements.put(tag, join(head, join(items), delimiter(order(), 0xE0DD, 0)));
    return this;
  }

  DicomBuilder without(int tag) {
    elements.remove(tag);
    return this;
  }

  byte[] bytes() {
    var out = new ByteArrayOutputStream();
    out.writeBytes(new byte[128]);
    out.writeBytes("DICM".getBytes(StandardCharsets.US_ASCII));
    String uid = syntax.length() % 2 == 0 ? syntax : syntax + "\0";
    byte[] name = uid.getBytes(StandardCharsets.US_ASCII);
    out.writeBytes(elementHeader(0x0002_0010, "UI", name.length, true, ByteOrder.LITTLE_ENDIAN));
    out.writeBytes(name);
    out.writeBytes(syntax.equals(DEFLATED) ? deflate(dataSet()) : dataSet());
    return out.toByteArray();
  }

  private static byte[] deflate(byte[] bytes) {
    var out = new ByteArrayOutputStream();
    var deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    try (var compressed = new DeflaterOutputStream(out, deflater)) {
      compressed.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      deflater.end();
    }
    return out.toByteArray();
  }

  /** The elements after the file meta group, or of an item of a sequence. */
  byte[] dataSet() {
    return join(elements.values().toArray(byte[][]::new));
  }

  /** An item of a defined length. */
  static byte[] item(byte[] content) {
    return join(delimiter(0xE000, content.length), content);
  }

  /** An item that ends with a delimiter. */
  static byte[] openItem(byte[] content) {
    return join(delimiter(0xE000, -1), content, delimiter(0xE00D, 0));
  }

  private ByteOrder order() {
    return syntax.equals(BIG_ENDIAN) ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
  }

  private static byte[] elementHeader(
      int tag, String kind, int length, boolean explicit, ByteOrder order) {
    var head = ByteBuffer.allocate(12).order(order);
    head.putShort((short) (tag >>> 16)).putShort((short) tag);
    if (!explicit) {
      head.putInt(length);
    } else if (LONG_LENGTH_VRS.contains(kind)) {
      head.put(kind.getBytes(StandardCharsets.US_ASCII)).putShort((short) 0).putInt(length);
    } else {
      head.put(kind.getBytes(StandardCharsets.US_ASCII)).putShort((short) length);
    }
    return Arrays.copyOf(head.array(), head.position());
  }

  private static byte[] delimiter(int element, int length) {
    return delimiter(ByteOrder.LITTLE_ENDIAN, element, length);
  }

  private static byte[] delimiter(ByteOrder order, int element, int length) {
    return ByteBuffer.allocate(8)
        .order(order)
        .putShort((short) 0xFFFE)
        .putShort((short) element)
        .putInt(length)
        .array();
  }

  private static byte[] join(byte[]... parts) {
    var out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
