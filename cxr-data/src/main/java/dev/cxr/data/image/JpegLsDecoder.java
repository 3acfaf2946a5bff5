package dev.cxr.data.image;

import java.util.Arrays;

/**
 * Decodes JPEG-LS, lossless and near-lossless (ISO/IEC 14495-1, ITU-T T.87), without restart
 * intervals and mapping tables. Names of variables are those of the standard.
 */
final class JpegLsDecoder extends JpegSegments {

  private static final String NAME = "a JPEG-LS image";

  private static final int START_OF_IMAGE = 0xD8;
  private static final int END_OF_IMAGE = 0xD9;
  private static final int START_OF_SCAN = 0xDA;
  private static final int RESTART_INTERVAL = 0xDD;
  private static final int FRAME = 0xF7;
  private static final int PARAMETERS = 0xF8;

  /** The orders of the run lengths, by run index. */
  private static final int[] J = {
    0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 11, 12, 13,
    14, 15
  };

  private static final int CONTEXTS = 365;
  private static final int MIN_C = -128;
  private static final int MAX_C = 127;

  private final SampleLayout layout;
  private final byte[] componentNames;
  private int precision;

  // The parameters; 0 means the default.
  private int maxval;
  private int t1;
  private int t2;
  private int t3;
  private int reset;

  // The parameters of a scan.
  private int maximum;
  private int resetAt;
  private int near;
  private int range;
  private int qbpp;
  private int limit;
  private int step;
  private int pointTransform;

  // The state of a scan.
  private final int[] a = new int[CONTEXTS + 2];
  private final int[] b = new int[CONTEXTS];
  private final int[] c = new int[CONTEXTS];
  private final int[] n = new int[CONTEXTS + 2];
  private final int[] nn = new int[2];
  private byte[] quantized = {};

  // The bits that are read next, the first in the highest bit.
  private long bits;
  private int bitCount;
  private boolean afterFf;

  private JpegLsDecoder(byte[] coded, SampleLayout layout) {
    super(coded, "JPEG-LS", NAME);
    this.layout = layout;
    this.componentNames = new byte[layout.samples()];
  }

  /**
   * Decodes an image.
   *
   * @throws InvalidImageException if it is unsupported, damaged or truncated, or has another size
   */
  static byte[] decode(byte[] coded, SampleLayout layout) throws InvalidImageException {
    return new JpegLsDecoder(coded, layout).decode();
  }

  private byte[] decode() throws InvalidImageException {
    if (readMarker() != START_OF_IMAGE) {
      throw InvalidImageException.damaged("the start of " + NAME, "other bytes");
    }
    byte[] frame = {};
    int decoded = 0;
    while (decoded < layout.samples()) {
      int marker = readMarker();
      if (marker == END_OF_IMAGE) {
        throw truncated();
      }
      int end = endOfSegment();
      switch (marker) {
        case FRAME -> readFrame(end);
        case PARAMETERS -> readParameters(end);
        case RESTART_INTERVAL -> {
          if (number(2, 2) != 0) {
            throw unsupported("restart intervals");
          }
        }
        case START_OF_SCAN -> {
          if (precision == 0) {
            throw InvalidImageException.damaged("a JPEG-LS frame", "a scan");
          }
          frame = frame.length == 0 ? new byte[layout.bytes()] : frame;
          decoded += readScan(end, decoded, frame);
          continue;
        }
        default -> {} // applications and comments
      }
      position = end;
    }
    return frame;
  }

  private void readFrame(int end) throws InvalidImageException {
    int count = number(7, 1);
    if (precision != 0 || end - position != 8 + 3 * count) {
      throw InvalidImageException.damaged("one complete JPEG-LS frame", "a broken or second one");
    }
    precision = number(2, 1);
    layout.require(NAME, number(5, 2), number(3, 2), count, precision);
    if (precision < 2) {
      throw InvalidImageException.damaged(NAME + " of 2 to 16 bits", String.valueOf(precision));
    }
    // A line needs at least one bit.
    if ((in.length - position) * 8L < (long) layout.height() * count) {
      throw InvalidImageException.tooFewBytes(layout.width(), layout.height(), in.length);
    }
    for (int i = 0; i < count; i++) {
      componentNames[i] = in[position + 8 + 3 * i];
      if (in[position + 9 + 3 * i] != 0x11) {
        throw unsupported("subsampled components");
      }
    }
  }

  private void readParameters(int end) throws InvalidImageException {
    if (number(2, 1) != 1) {
      throw unsupported("mapping tables");
    }
    if (end - position != 13) {
      throw InvalidImageException.damaged("JPEG-LS parameters of 13 bytes", end - position);
    }
    maxval = number(3, 2);
    t1 = number(5, 2);
    t2 = number(7, 2);
    t3 = number(9, 2);
    reset = number(11, 2);
  }

  /** Decodes a scan and returns its number of components. */
  private int readScan(int end, int firstComponent, byte[] frame) throws InvalidImageException {
    int count = number(2, 1);
    if (count < 1 || count > layout.samples() - firstComponent || end - position != 6 + 2 * count) {
      throw InvalidImageException.damaged("a scan of the missing components", "another one");
    }
    for (int i = 0; i < count; i++) {
      if (in[position + 3 + 2 * i] != componentNames[firstComponent + i]) {
        throw InvalidImageException.damaged("components in the order of the frame", "another");
      }
      if (in[position + 4 + 2 * i] != 0) {
        throw unsupported("mapping tables");
      }
    }
    near = number(3 + 2 * count, 1);
    int interleave = number(4 + 2 * count, 1);
    pointTransform = number(5 + 2 * count, 1) & 0xF;
    if (interleave > 2 || (interleave == 0 && count != 1) || pointTransform >= precision) {
      throw InvalidImageException.damaged("a valid JPEG-LS scan", "another");
    }
    position = end;
    startScan();
    boolean bySample = interleave == 2 && count > 1;
    var above = new int[count][layout.width() + 2];
    var line = new int[count][layout.width() + 2];
    var runIndexes = new int[count];
    for (int y = 0; y < layout.height(); y++) {
      for (int i = 0; i < count; i++) {
        above[i][layout.width() + 1] = above[i][layout.width()];
        line[i][0] = above[i][1];
      }
      if (bySample) {
        runIndexes[0] = decodeInterleavedLine(above, line, runIndexes[0]);
      } else {
        for (int i = 0; i < count; i++) {
          runIndexes[i] = decodeLine(above[i], line[i], runIndexes[i]);
        }
      }
      for (int i = 0; i < count; i++) {
        int at = y * layout.width() * layout.samples() + firstComponent + i;
        for (int x = 1; x <= layout.width(); x++, at += layout.samples()) {
          layout.put(frame, at, line[i][x] << pointTransform);
        }
      }
      int[][] other = above;
      above = line;
      line = other;
    }
    skipToMarker();
    return count;
  }

  /** Annexes A.2.1 and C.2.4.1.1.1. */
  private void startScan() throws InvalidImageException {
    int largest = (1 << (precision - pointTransform)) - 1;
    int max = maxval == 0 ? largest : maxval;
    if (max > largest || near > Math.min(255, max / 2)) {
      throw InvalidImageException.damaged("valid JPEG-LS parameters", "others");
    }
    maximum = max;
    step = 2 * near + 1;
    range = (max + 2 * near) / step + 1;
    qbpp = bitLength(range - 1);
    int bpp = Math.max(2, bitLength(max));
    limit = 2 * (bpp + Math.max(8, bpp));
    int low;
    int middle;
    int high;
    if (max >= 128) {
      int factor = (Math.min(max, 4095) + 128) / 256;
      low = clamp(factor + 2 + 3 * near, near + 1, max);
      middle = clamp(4 * factor + 3 + 5 * near, low, max);
      high = clamp(17 * factor + 4 + 7 * near, middle, max);
    } else {
      int factor = 256 / (max + 1);
      low = clamp(Math.max(2, 3 / factor + 3 * near), near + 1, max);
      middle = clamp(Math.max(3, 7 / factor + 5 * near), low, max);
      high = clamp(Math.max(4, 21 / factor + 7 * near), middle, max);
    }
    low = t1 == 0 ? low : t1;
    middle = t2 == 0 ? middle : t2;
    high = t3 == 0 ? high : t3;
    resetAt = reset == 0 ? 64 : reset;
    if (low <= near || middle < low || high < middle || high > max || resetAt < 3) {
      throw InvalidImageException.damaged("valid JPEG-LS parameters", "others");
    }
    quantized = new byte[2 * max + 1];
    for (int d = -max; d <= max; d++) {
      int size = Math.abs(d);
      int region = size <= near ? 0 : size < low ? 1 : size < middle ? 2 : size < high ? 3 : 4;
      quantized[d + max] = (byte) (d < 0 ? -region : region);
    }
    Arrays.fill(a, Math.max(2, (range + 32) / 64));
    Arrays.fill(n, 1);
    Arrays.fill(b, 0);
    Arrays.fill(c, 0);
    Arrays.fill(nn, 0);
    bits = 0;
    bitCount = 0;
    afterFf = false;
  }

  private static int bitLength(int value) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(value);
  }

  private static int clamp(int value, int low, int max) {
    return value > max || value < low ? low : value;
  }

  /** Decodes a line of one component; returns the new run index. */
  private int decodeLine(int[] above, int[] line, int firstRunIndex) throws InvalidImageException {
    int runIndex = firstRunIndex;
    int width = layout.width();
    for (int x = 1; x <= width; x++) {
      int ra = line[x - 1];
      int q = context(ra, above[x], above[x - 1], above[x + 1]);
      if (q != 0) {
        line[x] = decodeRegular(q, ra, above[x], above[x - 1]);
        continue;
      }
      long run = readRun(width - x + 1, runIndex);
      runIndex = (int) (run >>> 32);
      int length = (int) run;
      Arrays.fill(line, x, x + length, ra);
      x += length;
      if (x <= width) {
        int rb = above[x];
        boolean same = Math.abs(ra - rb) <= near;
        int error = decodeInterruption(same ? 1 : 0, runIndex);
        line[x] = reconstruct(same ? ra : rb, !same && ra > rb ? -error : error);
        runIndex = Math.max(0, runIndex - 1);
      }
    }
    return runIndex;
  }

  /** Decodes a line of all components, interleaved by sample; returns the new run index. */
  private int decodeInterleavedLine(int[][] above, int[][] line, int firstRunIndex)
      throws InvalidImageException {
    int runIndex = firstRunIndex;
    int width = layout.width();
    var q = new int[line.length];
    for (int x = 1; x <= width; x++) {
      boolean run = true;
      for (int i = 0; i < q.length; i++) {
        q[i] = context(line[i][x - 1], above[i][x], above[i][x - 1], above[i][x + 1]);
        run &= q[i] == 0;
      }
      if (!run) {
        for (int i = 0; i < q.length; i++) {
          line[i][x] = decodeRegular(q[i], line[i][x - 1], above[i][x], above[i][x - 1]);
        }
        continue;
      }
      long found = readRun(width - x + 1, runIndex);
      runIndex = (int) (found >>> 32);
      int length = (int) found;
      for (int[] component : line) {
        Arrays.fill(component, x, x + length, component[x - 1]);
      }
      x += length;
      if (x <= width) {
        for (int i = 0; i < q.length; i++) {
          int error = decodeInterruption(0, runIndex);
          int rb = above[i][x];
          line[i][x] = reconstruct(rb, line[i][x - 1] > rb ? -error : error);
        }
        runIndex = Math.max(0, runIndex - 1);
      }
    }
    return runIndex;
  }

  /** The signed number of the context: 81 Q1 + 9 Q2 + Q3; 0 for run mode. */
  private int context(int ra, int rb, int rc, int rd) {
    return 81 * quantized[rd - rb + maximum]
        + 9 * quantized[rb - rc + maximum]
        + quantized[rc - ra + maximum];
  }

  /** Annexes A.4 to A.6. */
  private int decodeRegular(int signedContext, int ra, int rb, int rc)
      throws InvalidImageException {
    boolean negative = signedContext < 0;
    int q = Math.abs(signedContext);
    int smaller = Math.min(ra, rb);
    int larger = Math.max(ra, rb);
    int px = rc >= larger ? smaller : rc <= smaller ? larger : ra + rb - rc;
    px = Math.max(0, Math.min(maximum, negative ? px - c[q] : px + c[q]));
    int k = golombParameter(n[q], a[q]);
    int mapped = readGolomb(k, limit);
    int error = (mapped & 1) == 0 ? mapped >> 1 : -((mapped + 1) >> 1);
    if (near == 0 && k == 0 && 2 * b[q] <= -n[q]) {
      error = -error - 1;
    }
    b[q] += error * step;
    a[q] += Math.abs(error);
    if (n[q] == resetAt) {
      a[q] >>= 1;
      b[q] >>= 1;
      n[q] >>= 1;
    }
    n[q]++;
    if (b[q] <= -n[q]) {
      b[q] = Math.max(b[q] + n[q], 1 - n[q]);
      c[q] = Math.max(MIN_C, c[q] - 1);
    } else if (b[q] > 0) {
      b[q] = Math.min(b[q] - n[q], 0);
      c[q] = Math.min(MAX_C, c[q] + 1);
    }
    return reconstruct(px, negative ? -error : error);
  }

  private static int golombParameter(int n, int a) {
    int k = 0;
    while ((long) n << k < a) {
      k++;
    }
    return k;
  }

  private int reconstruct(int px, int error) {
    int rx = px + error * step;
    if (rx < -near) {
      rx += range * step;
    } else if (rx > maximum + near) {
      rx -= range * step;
    }
    return Math.max(0, Math.min(maximum, rx));
  }

  /** Reads a run of at most {@code most} samples; returns the run index above the length. */
  private long readRun(int most, int firstRunIndex) throws InvalidImageException {
    int runIndex = firstRunIndex;
    int length = 0;
    while (length < most && readBits(1) == 1) {
      int part = 1 << J[runIndex];
      if (part <= most - length && runIndex < J.length - 1) {
        runIndex++;
      }
      length = Math.min(most, length + part);
    }
    if (length < most) {
      length += J[runIndex] == 0 ? 0 : readBits(J[runIndex]);
      if (length >= most) {
        throw damaged();
      }
    }
    return (long) runIndex << 32 | length;
  }

  /** Annex A.7.2. */
  private int decodeInterruption(int type, int runIndex) throws InvalidImageException {
    int q = CONTEXTS + type;
    int k = golombParameter(n[q], type == 0 ? a[q] : a[q] + (n[q] >> 1));
    int mapped = readGolomb(k, limit - J[runIndex] - 1);
    int sum = mapped + type;
    int size = (sum + 1) >> 1;
    boolean odd = (sum & 1) == 1;
    int error = (k != 0 || 2 * nn[type] >= n[q]) == odd ? -size : size;
    if (error < 0) {
      nn[type]++;
    }
    a[q] += (mapped + 1 - type) >> 1;
    if (n[q] == resetAt) {
      a[q] >>= 1;
      n[q] >>= 1;
      nn[type] >>= 1;
    }
    n[q]++;
    return error;
  }

  private int readGolomb(int k, int most) throws InvalidImageException {
    int escape = most - qbpp - 1;
    int zeros = 0;
    while (readBits(1) == 0) {
      if (++zeros > escape) {
        throw damaged();
      }
    }
    if (zeros >= escape) {
      return readBits(qbpp) + 1;
    }
    if (k > 16) {
      throw damaged();
    }
    return k == 0 ? zeros : zeros << k | readBits(k);
  }

  /** Reads 1 to 16 bits. */
  private int readBits(int count) throws InvalidImageException {
    while (bitCount < count) {
      if (position >= in.length || isMarker()) {
        throw truncated();
      }
      int next = in[position++] & 0xFF;
      int taken = afterFf ? 7 : 8; // a zero is stuffed after FF
      bits = bits << taken | next;
      bitCount += taken;
      afterFf = next == 0xFF;
    }
    bitCount -= count;
    return (int) (bits >>> bitCount) & ((1 << count) - 1);
  }

  private boolean isMarker() {
    return in[position] == (byte) 0xFF && position + 1 < in.length && in[position + 1] < 0;
  }

  private void skipToMarker() {
    while (position < in.length && !isMarker()) {
      position++;
    }
  }

  private static InvalidImageException unsupported(String found) {
    return InvalidImageException.of(
        "a plain JPEG-LS image", found, "convert the file to Explicit VR Little Endian");
  }
}
