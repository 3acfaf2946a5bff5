package dev.cxr.data.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Decodes the RLE Lossless compression of DICOM (PS3.5 annex G). */
final class RleDecoder {

  private static final int HEADER = 64;
  private static final int MAX_SEGMENTS = 15;

  /** Two bytes become at most this many. */
  private static final int MAX_RUN = 128;

  private RleDecoder() {}

  /**
   * Decodes one frame.
   *
   * @param coded its fragment
   * @return its samples, plane by plane
   * @throws InvalidImageException if the fragment is damaged or has fewer samples
   */
  static byte[] decode(byte[] coded, SampleLayout layout) throws InvalidImageException {
    int segments = layout.samples() * layout.bytesPerSample();
    if (coded.length < HEADER) {
      throw InvalidImageException.truncated("an RLE header of 64 bytes", coded.length);
    }
    ByteBuffer header = ByteBuffer.wrap(coded).order(ByteOrder.LITTLE_ENDIAN);
    if (segments > MAX_SEGMENTS || header.getInt(0) != segments) {
      throw InvalidImageException.damaged(
          "%d RLE segments".formatted(segments), header.getInt(0) + " segments");
    }
    if ((long) coded.length * MAX_RUN / 2 < layout.bytes()) {
      throw InvalidImageException.tooFewBytes(layout.width(), layout.height(), coded.length);
    }
    var frame = new byte[layout.bytes()];
    for (int i = 0; i < segments; i++) {
      int from = header.getInt(4 + 4 * i);
      int to = i + 1 < segments ? header.getInt(8 + 4 * i) : coded.length;
      if (from < HEADER || to < from || to > coded.length) {
        throw InvalidImageException.damaged(
            "RLE segment %d within %d bytes".formatted(i, coded.length),
            "bytes %d to %d".formatted(from, to));
      }
      int plane = i / layout.bytesPerSample() * layout.pixels() * layout.bytesPerSample();
      int significance = layout.bytesPerSample() - 1 - i % layout.bytesPerSample();
      decodeSegment(coded, from, to, frame, plane + significance, layout);
    }
    return frame;
  }

  /** Writes the bytes of a segment, one to each sample of a plane. */
  private static void decodeSegment(
      byte[] coded, int from, int to, byte[] frame, int at, SampleLayout layout)
      throws InvalidImageException {
    int step = layout.bytesPerSample();
    int out = at;
    int left = layout.pixels();
    int in = from;
    while (left > 0) {
      if (in >= to) {
        throw InvalidImageException.truncated("more bytes of an RLE segment", to);
      }
      int control = coded[in++];
      if (control >= 0) {
        int count = Math.min(control + 1, left);
        if (in + count > to) {
          throw InvalidImageException.truncated("more bytes of an RLE segment", to);
        }
        for (int i = 0; i < count; i++, out += step) {
          frame[out] = coded[in + i];
        }
        in += control + 1;
        left -= count;
      } else if (control != Byte.MIN_VALUE) { // which does nothing
        if (in >= to) {
          throw InvalidImageException.truncated("more bytes of an RLE segment", to);
        }
        int count = Math.min(1 - control, left);
        for (int i = 0; i < count; i++, out += step) {
          frame[out] = coded[in];
        }
        in++;
        left -= count;
      }
    }
  }
}
