package dev.cxr.data.image;

/** The markers and segments of a JPEG or JPEG-LS stream (ITU-T T.81, annex B; T.87, annex C). */
abstract sealed class JpegSegments permits JpegLsDecoder, JpegSampleDecoder {

  final byte[] in;

  /** The byte that is read next. */
  int position;

  private final String format;
  private final String name;

  /**
   * Starts at the first byte.
   *
   * @param format as messages call it, such as {@code JPEG-LS}
   * @param name the stream as messages call it, such as {@code a JPEG-LS image}
   */
  JpegSegments(byte[] coded, String format, String name) {
    this.in = coded;
    this.format = format;
    this.name = name;
  }

  /** Reads a marker and moves behind it. */
  final int readMarker() throws InvalidImageException {
    while (position + 1 < in.length) {
      if (in[position] != (byte) 0xFF) {
        throw InvalidImageException.damaged(
            "a %s marker at byte %d".formatted(format, position), "0x%02X".formatted(in[position]));
      }
      int marker = in[position + 1] & 0xFF;
      if (marker != 0xFF) {
        position += 2;
        return marker;
      }
      position++; // fill
    }
    throw truncated();
  }

  /** The end of the segment whose length is read next. */
  final int endOfSegment() throws InvalidImageException {
    int end = position + 2 > in.length ? Integer.MAX_VALUE : position + number(0, 2);
    if (end > in.length) {
      throw truncated();
    }
    if (end < position + 2) {
      throw InvalidImageException.damaged(
          "a %s segment of 2 bytes or more".formatted(format), "less");
    }
    return end;
  }

  /** A big endian number after the marker, 0 beyond the end of the data. */
  final int number(int at, int bytes) {
    int value = 0;
    for (int i = position + at; i < position + at + bytes; i++) {
      value = value << 8 | (i < in.length ? in[i] & 0xFF : 0);
    }
    return value;
  }

  final InvalidImageException truncated() {
    return InvalidImageException.truncated("more bytes of " + name, in.length);
  }

  final InvalidImageException damaged() {
    return InvalidImageException.damaged("valid codes in " + name, "another");
  }
}
