package dev.cxr.data.image;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the JPEGs (ITU-T T.81) that the JDK cannot: lossless ones of 2 to 16 bits (annex H), and
 * gray sequential ones of 12 bits (annex F), both with Huffman codes.
 */
final class JpegSampleDecoder extends JpegSegments {

  private static final String NAME = "a JPEG";

  private static final int EXTENDED_FRAME = 0xC1;
  private static final int LOSSLESS_FRAME = 0xC3;
  private static final int HUFFMAN_TABLES = 0xC4;
  private static final int START_OF_IMAGE = 0xD8;
  private static final int END_OF_IMAGE = 0xD9;
  private static final int START_OF_SCAN = 0xDA;
  private static final int QUANTIZATION_TABLES = 0xDB;
  private static final int RESTART_INTERVAL = 0xDD;

  /** The order of the coefficients of a block: the place of each in rows. */
  private static final int[] ZIGZAG = {
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20,
    13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59,
    52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63
  };

  /** The inverse transform of A.3.3 in one dimension: frequency by place. */
  private static final float[][] COSINES = new float[8][8];

  static {
    for (int u = 0; u < 8; u++) {
      for (int x = 0; x < 8; x++) {
        double scale = u == 0 ? Math.sqrt(0.125) : 0.5;
        COSINES[u][x] = (float) (scale * Math.cos((2 * x + 1) * u * Math.PI / 16));
      }
    }
  }

  private final SampleLayout layout;
  private final @Nullable HuffmanTable[] dcTables = new HuffmanTable[4];
  private final @Nullable HuffmanTable[] acTables = new HuffmanTable[4];
  private final int[] @Nullable [] quantization = new int[4][];
  private final byte[] componentNames;
  private final boolean[] isDecoded;
  private int frameKind;
  private int precision;
  private int quantizationTable;
  private int restartInterval;

  private JpegSampleDecoder(byte[] coded, SampleLayout layout) {
    super(coded, "JPEG", NAME);
    this.layout = layout;
    componentNames = new byte[layout.samples()];
    isDecoded = new boolean[layout.samples()];
  }

  /**
   * Whether the first frame is one that the JDK decodes: of 8 bits, and not lossless.
   *
   * @throws InvalidImageException if there is none
   */
  static boolean isForJdk(byte[] coded) throws InvalidImageException {
    var jpeg = new JpegSampleDecoder(coded, new SampleLayout(1, 1, 1, 1, 8, false));
    jpeg.readMarker();
    for (int marker = jpeg.readMarker(); marker != START_OF_SCAN; marker = jpeg.readMarker()) {
      int end = jpeg.endOfSegment();
      if (isFrame(marker)) {
        return marker != LOSSLESS_FRAME && jpeg.number(2, 1) == 8;
      }
      jpeg.position = end;
    }
    throw InvalidImageException.damaged("a JPEG frame before the first scan", "none");
  }

  /**
   * Decodes an image.
   *
   * @throws InvalidImageException if it is unsupported, damaged or truncated, or has another size
   */
  static byte[] decode(byte[] coded, SampleLayout layout) throws InvalidImageException {
    return new JpegSampleDecoder(coded, layout).decode();
  }

  private byte[] decode() throws InvalidImageException {
    if (readMarker() != START_OF_IMAGE) {
      throw InvalidImageException.damaged("the start of " + NAME, "other bytes");
    }
    byte[] frame = {};
    int missing = layout.samples();
    while (missing > 0) {
      int marker = readMarker();
      if (marker == END_OF_IMAGE) {
        throw truncated();
      }
      int end = endOfSegment();
      switch (marker) {
        case HUFFMAN_TABLES -> readHuffmanTables(end);
        case QUANTIZATION_TABLES -> readQuantizationTables(end);
        case RESTART_INTERVAL -> restartInterval = number(2, 2);
        case START_OF_SCAN -> {
          if (precision == 0) {
            throw InvalidImageException.damaged("a JPEG frame", "a scan");
          }
          frame = frame.length == 0 ? new byte[layout.bytes()] : frame;
          missing -= readScan(end, frame);
          continue;
        }
        default -> {
          if (isFrame(marker)) {
            readFrame(marker, end);
          }
        }
      }
      position = end;
    }
    return frame;
  }

  private static boolean isFrame(int marker) {
    return marker == 0xC0 || (marker > 0xC0 && marker <= 0xCF && marker % 4 != 0);
  }

  private void readHuffmanTables(int end) throws InvalidImageException {
    int at = position + 2;
    while (at < end) {
      int kind = in[at] >> 4;
      int destination = in[at] & 0xF;
      int count = 0;
      for (int i = 1; i <= 16 && at + i < end; i++) {
        count += in[at + i] & 0xFF;
      }
      if (kind < 0 || kind > 1 || destination > 3 || count > 256 || at + 17 + count > end) {
        throw InvalidImageException.damaged("valid Huffman tables in a JPEG", "others");
      }
      (kind == 0 ? dcTables : acTables)[destination] = new HuffmanTable(in, at + 1);
      at += 17 + count;
    }
  }

  private void readQuantizationTables(int end) throws InvalidImageException {
    int at = position + 2;
    while (at < end) {
      int bytes = 1 + (in[at] >> 4);
      int destination = in[at] & 0xF;
      if (bytes < 1 || bytes > 2 || destination > 3 || at + 1 + 64 * bytes > end) {
        throw InvalidImageException.damaged("valid quantization tables in a JPEG", "others");
      }
      var table = new int[64];
      for (int i = 0; i < 64; i++) {
        table[i] = number(at + 1 - position + i * bytes, bytes);
      }
      quantization[destination] = table;
      at += 1 + 64 * bytes;
    }
  }

  private void readFrame(int marker, int end) throws InvalidImageException {
    int count = number(7, 1);
    if (precision != 0 || end - position != 8 + 3 * count) {
      throw InvalidImageException.damaged("one complete JPEG frame", "a broken or second one");
    }
    frameKind = marker;
    precision = number(2, 1);
    layout.require(NAME, number(5, 2), number(3, 2), count, precision);
    boolean supported =
        marker == LOSSLESS_FRAME
            ? precision >= 2
            : marker == EXTENDED_FRAME && precision == 12 && count == 1;
    if (!supported) {
      throw InvalidImageException.of(
          "a JPEG of 8 bits, a lossless one, or a gray sequential one of 12 bits",
          "%d bits and %d samples in frame %02X".formatted(precision, count, marker),
          "convert the file to Explicit VR Little Endian");
    }
    for (int i = 0; i < count; i++) {
      componentNames[i] = in[position + 8 + 3 * i];
      if (count > 1 && in[position + 9 + 3 * i] != 0x11) {
        throw InvalidImageException.of(
            "a lossless JPEG of equally sampled components",
            "subsampled ones",
            "convert the file to Explicit VR Little Endian");
      }
    }
    quantizationTable = in[position + 10] & 3;
  }

  /** Decodes a scan and returns its number of components. */
  private int readScan(int end, byte[] frame) throws InvalidImageException {
    int count = number(2, 1);
    if (count < 1 || count > layout.samples() || end - position != 6 + 2 * count) {
      throw InvalidImageException.damaged("a scan of the components of the JPEG", "another one");
    }
    var components = new int[count];
    var tables = new HuffmanTable[count];
    for (int i = 0; i < count; i++) {
      int component = 0;
      while (component < componentNames.length
          && componentNames[component] != in[position + 3 + 2 * i]) {
        component++;
      }
      if (component == componentNames.length || isDecoded[component]) {
        throw InvalidImageException.damaged("a scan of the missing components", "another one");
      }
      isDecoded[component] = true;
      components[i] = component;
      tables[i] = table(dcTables, in[position + 4 + 2 * i] >> 4);
    }
    int selection = number(3 + 2 * count, 1);
    int pointTransform = number(5 + 2 * count, 1) & 0xF;
    int firstTable = in[position + 4];
    position = end;
    var bits = new BitReader();
    if (frameKind == LOSSLESS_FRAME) {
      decodeLossless(bits, components, tables, selection, pointTransform, frame);
    } else {
      decodeBlocks(bits, tables[0], table(acTables, firstTable & 0xF), frame);
    }
    bits.skipToMarker();
    return count;
  }

  private static HuffmanTable table(@Nullable HuffmanTable[] tables, int destination)
      throws InvalidImageException {
    HuffmanTable table = destination >= 0 && destination <= 3 ? tables[destination] : null;
    if (table == null) {
      throw InvalidImageException.damaged("the Huffman tables of a scan", "a missing one");
    }
    return table;
  }

  private void requireBits(long least) throws InvalidImageException {
    if ((in.length - position) * 8L < least) {
      throw InvalidImageException.tooFewBytes(
          layout.width(), layout.height(), in.length - position);
    }
  }

  private void decodeLossless(
      BitReader bits,
      int[] components,
      HuffmanTable[] tables,
      int predictor,
      int pointTransform,
      byte[] frame)
      throws InvalidImageException {
    int width = layout.width();
    if (predictor < 1 || predictor > 7 || pointTransform >= precision) {
      throw InvalidImageException.damaged("a valid lossless scan", "another one");
    }
    if (restartInterval % width != 0) {
      throw InvalidImageException.damaged("restart intervals of whole lines", "others");
    }
    requireBits((long) layout.pixels() * components.length);
    int linesBetweenRestarts = restartInterval / width;
    int first = 1 << (precision - pointTransform - 1);
    var above = new int[components.length][width];
    var line = new int[components.length][width];
    for (int y = 0; y < layout.height(); y++) {
      boolean restarts = linesBetweenRestarts > 0 && y % linesBetweenRestarts == 0;
      if (restarts && y > 0) {
        bits.restart();
      }
      for (int x = 0; x < width; x++) {
        for (int i = 0; i < components.length; i++) {
          int[] up = above[i];
          int prediction;
          if (y == 0 || restarts) {
            prediction = x == 0 ? first : line[i][x - 1];
          } else if (x == 0) {
            prediction = up[0];
          } else {
            prediction = predict(predictor, line[i][x - 1], up[x], up[x - 1]);
          }
          int category = bits.decode(tables[i]);
          int difference = category == 16 ? 32_768 : bits.receiveExtended(category);
          line[i][x] = (prediction + difference) & 0xFFFF;
          layout.put(
              frame,
              (y * width + x) * layout.samples() + components[i],
              line[i][x] << pointTransform);
        }
      }
      int[][] other = above;
      above = line;
      line = other;
    }
  }

  /** Table H.1. */
  private static int predict(int predictor, int ra, int rb, int rc) {
    return switch (predictor) {
      case 1 -> ra;
      case 2 -> rb;
      case 3 -> rc;
      case 4 -> ra + rb - rc;
      case 5 -> ra + ((rb - rc) >> 1);
      case 6 -> rb + ((ra - rc) >> 1);
      default -> (ra + rb) >> 1;
    };
  }

  private void decodeBlocks(BitReader bits, HuffmanTable dc, HuffmanTable ac, byte[] frame)
      throws InvalidImageException {
    int[] scale = quantization[quantizationTable];
    if (scale == null) {
      throw InvalidImageException.damaged("the quantization table of a JPEG", "none");
    }
    int columns = (layout.width() + 7) / 8;
    int blocks = columns * ((layout.height() + 7) / 8);
    requireBits(2L * blocks);
    var coefficients = new float[64];
    int dcValue = 0;
    for (int block = 0; block < blocks; block++) {
      if (block > 0 && restartInterval > 0 && block % restartInterval == 0) {
        bits.restart();
        dcValue = 0;
      }
      Arrays.fill(coefficients, 0);
      dcValue += bits.receiveExtended(bits.decode(dc));
      coefficients[0] = dcValue * scale[0];
      for (int k = 1; k < 64; k++) {
        int code = bits.decode(ac);
        int size = code & 0xF;
        k += code >> 4;
        if (size == 0) {
          if (code != 0xF0) {
            break; // the end of the block
          }
        } else if (k > 63) {
          throw damaged();
        } else {
          coefficients[ZIGZAG[k]] = bits.receiveExtended(size) * scale[k];
        }
      }
      writeBlock(coefficients, block % columns * 8, block / columns * 8, frame);
    }
  }

  private void writeBlock(float[] coefficients, int left, int top, byte[] frame) {
    var rows = new float[64]; // transformed along rows
    for (int v = 0; v < 8; v++) {
      for (int u = 0; u < 8; u++) {
        float coefficient = coefficients[8 * v + u];
        if (coefficient != 0) {
          for (int x = 0; x < 8; x++) {
            rows[8 * v + x] += coefficient * COSINES[u][x];
          }
        }
      }
    }
    int middle = 1 << (precision - 1);
    for (int y = 0; y < 8 && top + y < layout.height(); y++) {
      for (int x = 0; x < 8 && left + x < layout.width(); x++) {
        float sum = middle + 0.5f;
        for (int v = 0; v < 8; v++) {
          sum += rows[8 * v + x] * COSINES[v][y];
        }
        int sample = Math.max(0, Math.min(2 * middle - 1, (int) sum));
        layout.putNearest(frame, (top + y) * layout.width() + left + x, sample);
      }
    }
  }

  /** A table of Huffman codes (annex C), which looks up short codes at once. */
  private static final class HuffmanTable {
    private static final int SHORT_BITS = 9;

    /** For the first bits of a code: its length in the high byte, its value in the low one. */
    private final short[] byFirstBits = new short[1 << SHORT_BITS];

    private final byte[] values;

    /** By length: the code after the last one, and what to add to a code to index the values. */
    private final int[] codeEnds = new int[17];

    private final int[] valueOffsets = new int[17];

    /** Reads 16 counts of codes by length, and their values. */
    HuffmanTable(byte[] in, int at) throws InvalidImageException {
      int code = 0;
      int index = 0;
      values = Arrays.copyOfRange(in, at + 16, Math.min(in.length, at + 16 + 256));
      for (int length = 1; length <= 16; length++) {
        int count = in[at + length - 1] & 0xFF;
        if (code + count > 1 << length) {
          throw InvalidImageException.damaged("valid Huffman tables in a JPEG", "others");
        }
        valueOffsets[length] = index - code;
        for (int i = 0; i < count && length <= SHORT_BITS; i++) {
          int from = (code + i) << (SHORT_BITS - length);
          short entry = (short) ((length << 8) | (values[index + i] & 0xFF));
          Arrays.fill(byFirstBits, from, from + (1 << (SHORT_BITS - length)), entry);
        }
        code += count;
        index += count;
        codeEnds[length] = code;
        code <<= 1;
      }
    }
  }

  /** Reads the bits of a scan, without the zeros stuffed after FF. */
  private final class BitReader {
    private long buffer;
    private int available;

    /** Of the available bits, how many are beyond the end. */
    private int missing;

    private void fill(int count) {
      while (available < count) {
        int next = position < in.length ? in[position] & 0xFF : 0xFF;
        boolean stuffed = next == 0xFF && position + 1 < in.length && in[position + 1] == 0;
        if (next == 0xFF && !stuffed) {
          missing += 8;
          next = 0;
        } else {
          position += stuffed ? 2 : 1;
        }
        buffer = buffer << 8 | next;
        available += 8;
      }
    }

    private void skip(int count) throws InvalidImageException {
      available -= count;
      if (available < missing) {
        throw truncated();
      }
    }

    private int peek(int count) {
      return (int) (buffer >>> (available - count)) & ((1 << count) - 1);
    }

    int decode(HuffmanTable table) throws InvalidImageException {
      fill(16);
      int entry = table.byFirstBits[peek(HuffmanTable.SHORT_BITS)];
      if (entry != 0) {
        skip(entry >> 8);
        return entry & 0xFF;
      }
      for (int length = HuffmanTable.SHORT_BITS + 1; length <= 16; length++) {
        int code = peek(length);
        if (code < table.codeEnds[length]) {
          skip(length);
          return table.values[code + table.valueOffsets[length]] & 0xFF;
        }
      }
      throw damaged();
    }

    /** The procedures RECEIVE and EXTEND of F.2.2.1. */
    int receiveExtended(int size) throws InvalidImageException {
      if (size == 0) {
        return 0;
      }
      if (size > 15) {
        throw damaged();
      }
      fill(size);
      int value = peek(size);
      skip(size);
      return value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
    }

    /** Moves past a restart marker. */
    void restart() throws InvalidImageException {
      skipToMarker();
      int marker = readMarker();
      if (marker < 0xD0 || marker > 0xD7) {
        throw InvalidImageException.damaged("a restart marker in a JPEG", "another marker");
      }
    }

    /** Drops the bits before the next marker. */
    void skipToMarker() {
      while (position + 1 < in.length
          && (in[position] != (byte) 0xFF || in[position + 1] == 0 || in[position + 1] == -1)) {
        position++;
      }
      buffer = 0;
      available = 0;
      missing = 0;
    }
  }
}
