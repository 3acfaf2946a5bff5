package dev.cxr.data.image;

import com.twelvemonkeys.imageio.metadata.tiff.TIFF;
import java.io.IOException;

/**
 * The first page of a TIFF (TIFF 6.0): gray, palette or RGB of 8 or 16 bits, in strips or tiles,
 * plain or compressed by LZW, Deflate or PackBits.
 *
 * <p>Palettes and inverted samples (white is zero) are converted after decoding.
 */
final class TiffFile extends ImageFile {

  private static final int WHITE_IS_ZERO = 0;
  private static final int BLACK_IS_ZERO = 1;
  private static final int RGB = 2;
  private static final int PALETTE = 3;

  /** Of an 8-bit palette. */
  private static final int COLOURS = 256;

  private final byte[] file;
  private final TiffDirectory directory;
  private final int interpretation;
  private final int bands;
  private final int bits;

  private TiffFile(byte[] file) throws InvalidImageException {
    this.file = file;
    directory = TiffDirectory.of(file);
    width = directory.number(TIFF.TAG_IMAGE_WIDTH);
    height = directory.number(TIFF.TAG_IMAGE_HEIGHT);
    hasColourProfile = directory.has(TIFF.TAG_ICC_PROFILE);
    interpretation = directory.number(TIFF.TAG_PHOTOMETRIC_INTERPRETATION);
    bands = directory.number(TIFF.TAG_SAMPLES_PER_PIXEL, 1);
    bits = directory.number(TIFF.TAG_BITS_PER_SAMPLE, 1);
  }

  /**
   * Parses a TIFF.
   *
   * @throws InvalidImageException if it is unsupported, damaged or truncated
   */
  static TiffFile of(byte[] file) throws InvalidImageException {
    var tiff = new TiffFile(file);
    tiff.requireReadable();
    return tiff;
  }

  private void requireReadable() throws InvalidImageException {
    int colours =
        switch (interpretation) {
          case WHITE_IS_ZERO, BLACK_IS_ZERO, PALETTE -> 1;
          case RGB -> 3;
          case 4 -> throw unsupported("a transparency mask");
          case 5 -> throw unsupported("CMYK");
          case 6 -> throw unsupported("YCbCr");
          case 8, 9, 10 -> throw unsupported("L*a*b*");
          default -> throw unsupported("photometric interpretation " + interpretation);
        };
    int alpha = interpretation == PALETTE ? 0 : 1;
    if (bands < colours || bands > colours + alpha) {
      throw unsupported("%d samples per pixel".formatted(bands));
    }
    if (bits != 8 && (bits != 16 || interpretation == PALETTE)) {
      throw unsupported("%d bits per sample".formatted(bits));
    }
    for (int each : directory.numbers(TIFF.TAG_BITS_PER_SAMPLE, bands)) {
      if (each != bits) {
        throw unsupported("samples of %d and of %d bits".formatted(bits, each));
      }
    }
    switch (directory.number(TIFF.TAG_SAMPLE_FORMAT, 1)) {
      case 1, 4 -> {} // unsigned; undefined, read as unsigned
      case 2 -> throw unsupported("signed samples");
      case 3 -> throw unsupported("floating-point samples");
      default -> throw unsupported("complex samples");
    }
    if (bands > 1 && directory.number(TIFF.TAG_PLANAR_CONFIGURATION, 1) != 1) {
      throw unsupported("channels in separate planes");
    }
    if (directory.number(TIFF.TAG_FILL_ORDER, 1) != 1) {
      throw unsupported("bits in reversed order");
    }
  }

  private static InvalidImageException unsupported(String found) {
    return InvalidImageException.of(
        "a TIFF of gray, RGB or an 8-bit palette with 8 or 16 unsigned bits per sample",
        found,
        "save it as gray PNG or TIFF");
  }

  @Override
  GrayImage toGray() throws IOException {
    byte[] sanitized = new TiffSamples(file, directory).sanitized();
    byte[] gray =
        bands == 1 && bits == 8
            ? ImageIoCodec.TIFF.readGray(sanitized, width, height)
            : ImageIoCodec.TIFF.readConvertingToGray(sanitized, width, height, bands, bits == 16);
    if (interpretation == WHITE_IS_ZERO) {
      for (int i = 0; i < gray.length; i++) {
        gray[i] = (byte) ~gray[i];
      }
    } else if (interpretation == PALETTE) {
      byte[] palette = palette();
      for (int i = 0; i < gray.length; i++) {
        gray[i] = palette[gray[i] & 0xFF];
      }
    }
    return new GrayImage(width, height, gray);
  }

  private byte[] palette() throws InvalidImageException {
    int[] map = directory.numbers(TIFF.TAG_COLOR_MAP, 3 * COLOURS); // reds, greens, blues
    var palette = new byte[COLOURS];
    for (int i = 0; i < COLOURS; i++) {
      int luma = Luma.of(map[i], map[COLOURS + i], map[2 * COLOURS + i]);
      palette[i] = (byte) Luma.toEightBits(luma);
    }
    return palette;
  }
}
