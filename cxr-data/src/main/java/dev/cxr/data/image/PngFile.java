package dev.cxr.data.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * A PNG (W3C PNG specification) of any kind: gray, palette or colour, with alpha or without, of up
 * to 16 bits.
 *
 * <p>Only its critical chunks reach the reader: neither a profile nor a gamma nor a transparent
 * colour changes a pixel.
 */
final class PngFile implements PictureFile {

  private static final int SIGNATURE = 8;

  /** Length, name and checksum around a chunk's data. */
  private static final int FRAME = 12;

  private static final int IHDR = nameOf("IHDR");
  private static final int PLTE = nameOf("PLTE");
  private static final int IDAT = nameOf("IDAT");
  private static final int IEND = nameOf("IEND");
  private static final int ICCP = nameOf("iCCP");
  private static final int HEADER_BYTES = 13;
  private static final int ANCILLARY = 0x20_00_00_00; // a small first letter

  private static final byte GRAY = 0;
  private static final byte COLOUR = 2;
  private static final byte PALETTE = 3;
  private static final byte GRAY_ALPHA = 4;
  private static final byte COLOUR_ALPHA = 6;

  /** Deflate makes at most so many bytes of one. */
  static final int DEFLATE_RATIO = 1032;

  private final byte[] file;
  private final ByteBuffer in;
  private final ByteArrayOutputStream kept;

  private int width;
  private int height;
  private int depth;
  private byte colourType;
  private byte[] palette = {};
  private long coded;
  private boolean hasColourProfile;

  private PngFile(byte[] file) {
    this.file = file;
    this.in = ByteBuffer.wrap(file);
    this.kept = new ByteArrayOutputStream(file.length);
  }

  /**
   * Takes a PNG apart.
   *
   * @throws ImageRefusedException if its structure is broken, a checksum is wrong, or it ends early
   */
  static PngFile of(byte[] file) throws ImageRefusedException {
    var png = new PngFile(file);
    png.parse();
    return png;
  }

  private void parse() throws ImageRefusedException {
    kept.write(file, 0, SIGNATURE);
    int at = SIGNATURE;
    int name = 0;
    while (name != IEND) {
      if (file.length - at < FRAME) {
        throw truncated();
      }
      long end = at + FRAME + Integer.toUnsignedLong(in.getInt(at));
      if (end > file.length) {
        throw truncated();
      }
      name = in.getInt(at + 4);
      requireChecksum(at, (int) end);
      if ((at == SIGNATURE) != (name == IHDR)) {
        throw new ImageRefusedException(
            "expected a PNG that begins with its one header, found chunk %s at byte %d: the file is"
                    .formatted(text(at), at)
                + " damaged, fetch it again");
      }
      if (name == IHDR) {
        readHeader((int) end);
      } else if (name == PLTE) {
        palette = Arrays.copyOfRange(file, at + 8, (int) end - 4);
      } else if (name == IDAT) {
        coded += end - at - FRAME;
      } else if (name == ICCP) {
        hasColourProfile = true;
      }
      if ((name & ANCILLARY) == 0) {
        kept.write(file, at, (int) end - at);
      }
      at = (int) end;
    }
  }

  /** The JDK's reader passes over the checksums, and so over damage. */
  private void requireChecksum(int at, int end) throws ImageRefusedException {
    var checksum = new CRC32();
    checksum.update(file, at + 4, end - at - 8);
    if ((int) checksum.getValue() != in.getInt(end - 4)) {
      throw new ImageRefusedException(
          "expected PNG chunk %s to match its checksum, found that it does not: the file is damaged,"
                  .formatted(text(at))
              + " fetch it again");
    }
  }

  private void readHeader(int end) throws ImageRefusedException {
    int data = SIGNATURE + 8;
    if (end - 4 - data != HEADER_BYTES || in.getInt(data) < 0 || in.getInt(data + 4) < 0) {
      throw new ImageRefusedException(
          "expected a PNG header of %d bytes with two sides, found a broken one: the file is"
                  .formatted(HEADER_BYTES)
              + " damaged, fetch it again");
    }
    width = in.getInt(data);
    height = in.getInt(data + 4);
    depth = file[data + 8];
    colourType = file[data + 9];
  }

  private ImageRefusedException truncated() {
    return new ImageRefusedException(
        "expected more after byte %d, found the end: the file is truncated, fetch it again"
            .formatted(file.length));
  }

  private static int nameOf(String chunk) {
    return ByteBuffer.wrap(chunk.getBytes(StandardCharsets.US_ASCII)).getInt();
  }

  private String text(int chunk) {
    return new String(file, chunk + 4, 4, StandardCharsets.ISO_8859_1);
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public int height() {
    return height;
  }

  @Override
  public boolean hasColourProfile() {
    return hasColourProfile;
  }

  @Override
  public GrayImage toGray() throws IOException {
    int bands =
        switch (colourType) {
          case GRAY, PALETTE -> 1;
          case GRAY_ALPHA -> 2;
          case COLOUR -> 3;
          case COLOUR_ALPHA -> 4;
          default ->
              throw new ImageRefusedException(
                  "expected a PNG colour type of 0, 2, 3, 4 or 6, found %d: the file is damaged,"
                          .formatted(colourType)
                      + " fetch it again");
        };
    requireEnoughBytes(bands);
    byte[] picture = kept.toByteArray();
    if (bands > 1 || depth == 16) {
      return new GrayImage(
          width, height, Codec.PNG.readAsGray(picture, width, height, bands, depth == 16));
    }
    byte[] samples = Codec.PNG.readGray(picture, width, height);
    if (colourType == PALETTE) {
      lookUp(samples);
    }
    return new GrayImage(width, height, samples);
  }

  /** Deflate expands by {@link #DEFLATE_RATIO} at most: less cannot hold what the header claims. */
  private void requireEnoughBytes(int bands) throws ImageRefusedException {
    long row = ((long) width * depth * bands + 7) / 8;
    if (coded * DEFLATE_RATIO < row * height) {
      throw new ImageRefusedException(
          "expected %dx%d pixels, found %d bytes that cannot hold them: the file is damaged, fetch"
                  .formatted(width, height, coded)
              + " it again");
    }
  }

  /** Indices to gray, in place; the reader has spread those of under 8 bits over 0 to 255. */
  private void lookUp(byte[] indices) throws ImageRefusedException {
    int spread = 255 / ((1 << depth) - 1);
    int colours = palette.length / 3;
    for (int i = 0; i < indices.length; i++) {
      int index = (indices[i] & 0xFF) / spread;
      if (index >= colours) {
        throw new ImageRefusedException(
            "expected one of %d colours, found index %d: the file is damaged, fetch it again"
                .formatted(colours, index));
      }
      int at = 3 * index;
      indices[i] =
          (byte) Luma.of(palette[at] & 0xFF, palette[at + 1] & 0xFF, palette[at + 2] & 0xFF);
    }
  }
}
