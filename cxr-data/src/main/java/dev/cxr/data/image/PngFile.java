package dev.cxr.data.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * A PNG (W3C PNG specification): gray, palette or colour, with or without alpha, of up to 16 bits.
 *
 * <p>Passes only critical chunks to the reader: profile, gamma and transparent colour have no
 * effect.
 */
final class PngFile extends ImageFile {

  private static final int SIGNATURE = 8;

  /** Length, name and checksum of a chunk. */
  private static final int CHUNK_OVERHEAD = 12;

  private static final int IHDR = chunkCode("IHDR");
  private static final int PLTE = chunkCode("PLTE");
  private static final int IDAT = chunkCode("IDAT");
  private static final int IEND = chunkCode("IEND");
  private static final int ICCP = chunkCode("iCCP");
  private static final int HEADER_BYTES = 13;
  private static final int ANCILLARY = 0x20_00_00_00; // a lower-case first letter

  private static final byte GRAY = 0;
  private static final byte COLOUR = 2;
  private static final byte PALETTE = 3;
  private static final byte GRAY_ALPHA = 4;
  private static final byte COLOUR_ALPHA = 6;

  /** The maximum compression ratio of Deflate. */
  static final int DEFLATE_RATIO = 1032;

  private final byte[] file;
  private final ByteBuffer in;
  private final ByteArrayOutputStream criticalChunks;

  private int depth;
  private byte colourType;
  private byte[] palette = {};
  private long compressedBytes;

  private PngFile(byte[] file) {
    this.file = file;
    this.in = ByteBuffer.wrap(file);
    this.criticalChunks = new ByteArrayOutputStream(file.length);
  }

  /**
   * Parses a PNG.
   *
   * @throws InvalidImageException if it is damaged, has a wrong checksum or is truncated
   */
  static PngFile of(byte[] file) throws InvalidImageException {
    var png = new PngFile(file);
    png.parse();
    return png;
  }

  private void parse() throws InvalidImageException {
    criticalChunks.write(file, 0, SIGNATURE);
    int at = SIGNATURE;
    int name = 0;
    while (name != IEND) {
      if (file.length - at < CHUNK_OVERHEAD) {
        throw truncated();
      }
      long end = at + CHUNK_OVERHEAD + Integer.toUnsignedLong(in.getInt(at));
      if (end > file.length) {
        throw truncated();
      }
      name = in.getInt(at + 4);
      requireChecksum(at, (int) end);
      if ((at == SIGNATURE) != (name == IHDR)) {
        throw InvalidImageException.damaged(
            "a PNG that begins with its one header",
            "chunk %s at byte %d".formatted(chunkName(at), at));
      }
      if (name == IHDR) {
        readHeader((int) end);
      } else if (name == PLTE) {
        palette = Arrays.copyOfRange(file, at + 8, (int) end - 4);
      } else if (name == IDAT) {
        compressedBytes += end - at - CHUNK_OVERHEAD;
      } else if (name == ICCP) {
        hasColourProfile = true;
      }
      if ((name & ANCILLARY) == 0) {
        criticalChunks.write(file, at, (int) end - at);
      }
      at = (int) end;
    }
  }

  /** The reader of the JDK ignores checksums. */
  private void requireChecksum(int at, int end) throws InvalidImageException {
    var checksum = new CRC32();
    checksum.update(file, at + 4, end - at - 8);
    if ((int) checksum.getValue() != in.getInt(end - 4)) {
      throw InvalidImageException.damaged(
          "PNG chunk %s to match its checksum".formatted(chunkName(at)), "another checksum");
    }
  }

  private void readHeader(int end) throws InvalidImageException {
    int data = SIGNATURE + 8;
    if (end - 4 - data != HEADER_BYTES || in.getInt(data) < 0 || in.getInt(data + 4) < 0) {
      throw InvalidImageException.damaged(
          "a PNG header of %d bytes with two sides".formatted(HEADER_BYTES), "a broken one");
    }
    width = in.getInt(data);
    height = in.getInt(data + 4);
    depth = file[data + 8];
    colourType = file[data + 9];
  }

  private InvalidImageException truncated() {
    return InvalidImageException.truncated("more bytes", file.length);
  }

  private static int chunkCode(String chunk) {
    return ByteBuffer.wrap(chunk.getBytes(StandardCharsets.US_ASCII)).getInt();
  }

  private String chunkName(int chunk) {
    return new String(file, chunk + 4, 4, StandardCharsets.ISO_8859_1);
  }

  @Override
  GrayImage toGray() throws IOException {
    int bands =
        switch (colourType) {
          case GRAY, PALETTE -> 1;
          case GRAY_ALPHA -> 2;
          case COLOUR -> 3;
          case COLOUR_ALPHA -> 4;
          default ->
              throw InvalidImageException.damaged(
                  "a PNG colour type of 0, 2, 3, 4 or 6", colourType);
        };
    requireEnoughBytes(bands);
    byte[] sanitized = criticalChunks.toByteArray();
    if (bands > 1 || depth == 16) {
      return new GrayImage(
          width,
          height,
          ImageIoCodec.PNG.readConvertingToGray(sanitized, width, height, bands, depth == 16));
    }
    byte[] samples = ImageIoCodec.PNG.readGray(sanitized, width, height);
    if (colourType == PALETTE) {
      applyPalette(samples);
    }
    return new GrayImage(width, height, samples);
  }

  /** Fewer bytes than {@link #DEFLATE_RATIO} allows contradict the header. */
  private void requireEnoughBytes(int bands) throws InvalidImageException {
    long row = ((long) width * depth * bands + 7) / 8;
    if (compressedBytes * DEFLATE_RATIO < row * height) {
      throw InvalidImageException.tooFewBytes(width, height, compressedBytes);
    }
  }

  /** Replaces indices by gray; the reader has scaled indices of fewer than 8 bits to 0 to 255. */
  private void applyPalette(byte[] indices) throws InvalidImageException {
    int spread = 255 / ((1 << depth) - 1);
    int colours = palette.length / 3;
    for (int i = 0; i < indices.length; i++) {
      int index = (indices[i] & 0xFF) / spread;
      if (index >= colours) {
        throw InvalidImageException.damaged(
            "one of %d colours".formatted(colours), "index " + index);
      }
      int at = 3 * index;
      indices[i] =
          (byte) Luma.of(palette[at] & 0xFF, palette[at + 1] & 0xFF, palette[at + 2] & 0xFF);
    }
  }
}
