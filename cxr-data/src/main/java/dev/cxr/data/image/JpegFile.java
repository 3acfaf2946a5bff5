package dev.cxr.data.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A baseline, extended or progressive JPEG (ITU-T T.81) of 8 bits, gray or colour.
 *
 * <p>Passes only tables, frame and scans to the reader, and one new segment with the colour
 * transform. Profiles and metadata therefore have no effect, and the reader does not guess the
 * colour transform.
 */
final class JpegFile extends ImageFile {

  private static final int START_OF_SCAN = 0xDA;
  private static final int END_OF_IMAGE = 0xD9;
  private static final int APP0 = 0xE0;
  private static final int APP2 = 0xE2;
  private static final int APP14 = 0xEE;

  /** Encoders write up to a dozen scans; each costs a pass over the image. */
  private static final int MAX_SCANS = 64;

  private final byte[] file;
  private final ByteBuffer in;
  private final boolean rgbIfUnmarked;
  private int position = 2;

  private int channels;

  /** Of each channel its name, sampling factors and table. */
  private String channelNames = "";

  private boolean isJfif;
  private @Nullable Byte adobeTransform;
  private byte[] sanitized = {};

  private JpegFile(byte[] file, boolean rgbIfUnmarked) {
    this.file = file;
    this.in = ByteBuffer.wrap(file);
    this.rgbIfUnmarked = rgbIfUnmarked;
  }

  /**
   * Parses a JPEG.
   *
   * @throws InvalidImageException if it is unsupported, such as CMYK or lossless, damaged or
   *     truncated
   */
  static JpegFile of(byte[] file) throws InvalidImageException {
    return of(file, false);
  }

  /**
   * Parses a JPEG.
   *
   * @param rgbIfUnmarked whether three channels are red, green and blue if no marker says what they
   *     are
   * @throws InvalidImageException as for {@link #of(byte[])}
   */
  static JpegFile of(byte[] file, boolean rgbIfUnmarked) throws InvalidImageException {
    var jpeg = new JpegFile(file, rgbIfUnmarked);
    jpeg.parse();
    return jpeg;
  }

  private void parse() throws InvalidImageException {
    var tables = new ByteArrayOutputStream();
    int marker = readMarker();
    while (marker != START_OF_SCAN) {
      if (marker == END_OF_IMAGE) {
        throw truncated();
      }
      int end = endOfSegment(marker);
      switch (marker) {
        case APP0 -> isJfif |= segmentStartsWith("JFIF\0", end);
        case APP2 -> hasColourProfile |= segmentStartsWith("ICC_PROFILE\0", end);
        case APP14 -> {
          if (segmentStartsWith("Adobe", end) && end - position >= 16) {
            adobeTransform = file[position + 15];
          }
        }
        default -> {
          if (isFrame(marker)) {
            readFrame(marker, end);
          }
          if (marker < APP0) {
            tables.write(file, position, end - position);
          }
        }
      }
      position = end;
      marker = readMarker();
    }
    if (channels == 0) {
      throw InvalidImageException.damaged("a JPEG frame before byte " + position, "a scan");
    }
    int firstScan = position;
    skipScans();
    requireEnoughBytes(position - firstScan);

    var kept = new ByteArrayOutputStream(2 + 16 + tables.size() + position - firstScan);
    kept.write(file, 0, 2);
    if (channels == 3) {
      byte transform = (byte) (isRgb() ? 0 : 1);
      byte[] adobe = {(byte) 0xFF, (byte) APP14, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100};
      kept.write(adobe, 0, adobe.length);
      kept.write(new byte[] {0, 0, 0, 0, transform}, 0, 5);
    }
    kept.writeBytes(tables.toByteArray());
    kept.write(file, firstScan, position - firstScan);
    sanitized = kept.toByteArray();
  }

  /** The marker at the current position, after any fill bytes. */
  private int readMarker() throws InvalidImageException {
    while (true) {
      if (position + 2 > file.length) {
        throw truncated();
      }
      if (file[position] != (byte) 0xFF) {
        throw InvalidImageException.damaged(
            "a JPEG marker at byte " + position, "0x%02X".formatted(file[position]));
      }
      int marker = file[position + 1] & 0xFF;
      if (marker != 0xFF) {
        return marker;
      }
      position++;
    }
  }

  private int endOfSegment(int marker) throws InvalidImageException {
    if (position + 4 > file.length) {
      throw truncated();
    }
    int size = Short.toUnsignedInt(in.getShort(position + 2));
    if (size < 2) {
      throw InvalidImageException.damaged(
          "JPEG segment %02X at byte %d to have 2 bytes or more".formatted(marker, position), size);
    }
    if (position + 2 + size > file.length) {
      throw truncated();
    }
    return position + 2 + size;
  }

  private boolean segmentStartsWith(String name, int end) {
    return end - position - 4 >= name.length()
        && new String(file, position + 4, name.length(), StandardCharsets.ISO_8859_1).equals(name);
  }

  private static boolean isFrame(int marker) {
    return marker >= 0xC0
        && marker <= 0xCF
        && marker != 0xC4 // Huffman tables
        && marker != 0xC8 // reserved
        && marker != 0xCC; // arithmetic conditioning
  }

  private void readFrame(int marker, int end) throws InvalidImageException {
    if (marker > 0xC2) {
      throw InvalidImageException.of(
          "a baseline or progressive JPEG",
          "a lossless, hierarchical or arithmetic one (frame %02X)".formatted(marker),
          "save it as baseline");
    }
    if (channels != 0
        || end - position < 10
        || end - position < 10 + 3 * (file[position + 9] & 0xFF)) {
      throw InvalidImageException.damaged(
          "one complete JPEG frame", "a broken or second one at byte " + position);
    }
    if (file[position + 4] != 8) {
      throw InvalidImageException.of(
          "a JPEG of 8 bits per sample", file[position + 4], "convert it to 8 bits, or to PNG");
    }
    height = Short.toUnsignedInt(in.getShort(position + 5));
    width = Short.toUnsignedInt(in.getShort(position + 7));
    channels = file[position + 9] & 0xFF;
    if (channels != 1 && channels != 3) {
      throw InvalidImageException.of(
          "gray or colour with up to 3 channels",
          "a JPEG of %d%s".formatted(channels, channels == 4 ? " (CMYK)" : ""),
          "convert it to gray");
    }
    channelNames = new String(file, position + 10, 3 * channels, StandardCharsets.ISO_8859_1);
  }

  /** Moves past the end-of-image marker; later bytes do not belong to the image. */
  private void skipScans() throws InvalidImageException {
    int scans = 0;
    for (int marker = readMarker(); marker != END_OF_IMAGE; marker = readMarker()) {
      position = endOfSegment(marker);
      if (marker == START_OF_SCAN) {
        if (++scans > MAX_SCANS) {
          throw InvalidImageException.of(
              "a JPEG of at most %d scans".formatted(MAX_SCANS), "more", "save it again");
        }
        skipCodedData();
      }
    }
    position += 2;
  }

  /** Moves to the marker after the coded data of a scan. */
  private void skipCodedData() throws InvalidImageException {
    for (; position + 1 < file.length; position++) {
      if (file[position] == (byte) 0xFF) {
        int next = file[position + 1] & 0xFF;
        boolean isRestart = next >= 0xD0 && next <= 0xD7;
        if (next != 0 && next != 0xFF && !isRestart) {
          return;
        }
      }
    }
    throw truncated();
  }

  /** A block of 8 x 8 pixels needs at least one bit, so fewer bytes contradict the frame. */
  private void requireEnoughBytes(int bytes) throws InvalidImageException {
    long blocks = ((width + 7L) / 8) * ((height + 7L) / 8);
    if (bytes * 8L < blocks) {
      throw InvalidImageException.tooFewBytes(width, height, bytes);
    }
  }

  /** Decides like libjpeg: by the markers, then by the names of the channels. */
  private boolean isRgb() {
    return !isJfif
        && (adobeTransform == null
            ? rgbIfUnmarked || channelNames.matches("(?s)R..G..B..")
            : adobeTransform == 0);
  }

  private InvalidImageException truncated() {
    return InvalidImageException.truncated("more bytes", file.length);
  }

  int channels() {
    return channels;
  }

  /** Decodes only the luma channel of YCbCr. */
  @Override
  GrayImage toGray() throws IOException {
    byte[] gray =
        channels == 3 && isRgb()
            ? ImageIoCodec.JPEG.readConvertingToGray(sanitized, width, height, 3, false)
            : ImageIoCodec.JPEG.readGray(sanitized, width, height);
    return new GrayImage(width, height, gray);
  }
}
