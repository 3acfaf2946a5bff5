package dev.cxr.data.image;

import com.twelvemonkeys.imageio.metadata.Entry;
import com.twelvemonkeys.imageio.metadata.tiff.TIFF;
import com.twelvemonkeys.imageio.metadata.tiff.TIFFEntry;
import com.twelvemonkeys.imageio.metadata.tiff.TIFFWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Copies the samples of the first page of a TIFF into a new file, which the reader gets.
 *
 * <p>No other tag or offset of the original can therefore affect the pixels or the memory. Samples
 * are stored in pieces: strips, which are as wide as the image, or tiles, which are complete even
 * at its edges.
 */
final class TiffSamples {

  private static final int MIN_TILE_SIDE = 16;
  private static final int MAX_TILE_SIDE = 16_384;

  /** Tiles are also decoded beyond the edges of the image. */
  private static final long MAX_TILED_PIXELS = 80_000_000;

  /** The bytes of a file that {@link TIFFWriter} adds to its directory. */
  private static final int HEADER = 12;

  private static final int UNCOMPRESSED = 1;
  private static final int LZW = 5;
  private static final int DEFLATE = 8;
  private static final int PACK_BITS = 32_773;

  /** The number of Deflate before Adobe registered 8. */
  private static final int OLD_DEFLATE = 32_946;

  private final byte[] file;
  private final TiffDirectory directory;
  private final int compression;
  private final int compressionRatio;
  private final int width;
  private final int height;
  private final int bands;
  private final int bits;
  private final boolean tiled;
  private final int pieceWidth;
  private final int pieceHeight;
  private final int[] offsets;
  private final int[] sizes;

  /**
   * Locates the samples.
   *
   * @throws InvalidImageException if their compression is unsupported, they are outside the file,
   *     or there are too few for the image
   */
  TiffSamples(byte[] file, TiffDirectory directory) throws InvalidImageException {
    this.file = file;
    this.directory = directory;
    int stored = directory.number(TIFF.TAG_COMPRESSION, UNCOMPRESSED);
    compression = stored == OLD_DEFLATE ? DEFLATE : stored;
    compressionRatio = maxRatio(compression);
    width = directory.number(TIFF.TAG_IMAGE_WIDTH);
    height = directory.number(TIFF.TAG_IMAGE_HEIGHT);
    bands = directory.number(TIFF.TAG_SAMPLES_PER_PIXEL, 1);
    bits = directory.number(TIFF.TAG_BITS_PER_SAMPLE);
    tiled = directory.has(TIFF.TAG_TILE_OFFSETS);
    pieceWidth = tiled ? tileSide(TIFF.TAG_TILE_WIDTH) : width;
    pieceHeight =
        tiled
            ? tileSide(TIFF.TAG_TILE_HEIGTH)
            : Math.min(Math.max(1, directory.number(TIFF.TAG_ROWS_PER_STRIP, height)), height);
    int pieces = ceilDivide(width, pieceWidth) * ceilDivide(height, pieceHeight);
    if (tiled && (long) pieces * pieceWidth * pieceHeight > MAX_TILED_PIXELS) {
      throw TiffDirectory.damaged(
          "tiles of at most %d pixels in all".formatted(MAX_TILED_PIXELS),
          "%d of %dx%d".formatted(pieces, pieceWidth, pieceHeight));
    }
    offsets = directory.numbers(tiled ? TIFF.TAG_TILE_OFFSETS : TIFF.TAG_STRIP_OFFSETS, pieces);
    sizes =
        directory.numbers(tiled ? TIFF.TAG_TILE_BYTE_COUNTS : TIFF.TAG_STRIP_BYTE_COUNTS, pieces);
    requireEnoughBytes();
  }

  private static int ceilDivide(int all, int part) {
    return (all + part - 1) / part;
  }

  private static int maxRatio(int compression) throws InvalidImageException {
    return switch (compression) {
      case UNCOMPRESSED -> 1;
      case PACK_BITS -> 64;
      case LZW -> 4096; // the longest string of a 12-bit code
      case DEFLATE -> PngFile.DEFLATE_RATIO;
      default ->
          throw InvalidImageException.of(
              "a TIFF that is uncompressed or compressed by LZW, Deflate or PackBits",
              compression == 6 || compression == 7 ? "JPEG" : "compression number " + compression,
              "save it as one of those");
    };
  }

  private int tileSide(int tag) throws InvalidImageException {
    int side = directory.number(tag);
    if (side < MIN_TILE_SIDE || side > MAX_TILE_SIDE) {
      throw TiffDirectory.damaged(
          "%s of %d to %d".formatted(TiffDirectory.name(tag), MIN_TILE_SIDE, MAX_TILE_SIDE),
          String.valueOf(side));
    }
    return side;
  }

  /** The uncompressed bytes of a piece. */
  private long uncompressedBytes(int piece) {
    int rows = tiled ? pieceHeight : Math.min(pieceHeight, height - piece * pieceHeight);
    return (long) pieceWidth * rows * bands * bits / 8;
  }

  private void requireEnoughBytes() throws InvalidImageException {
    long stored = 0;
    long claimed = 0;
    for (int i = 0; i < sizes.length; i++) {
      directory.requireRoom(offsets[i], sizes[i]);
      stored += sizes[i];
      claimed += uncompressedBytes(i);
      if (sizes[i] < 1 || (compression == UNCOMPRESSED && sizes[i] < uncompressedBytes(i))) {
        throw TiffDirectory.damaged(
            "%d bytes in strip or tile %d".formatted(uncompressedBytes(i), i),
            String.valueOf(sizes[i]));
      }
    }
    if (stored > file.length) {
      throw TiffDirectory.damaged(
          "strips or tiles of at most %d bytes in all".formatted(file.length),
          String.valueOf(stored));
    }
    if (stored * compressionRatio < claimed) {
      throw TiffDirectory.damaged(
          "%dx%d pixels".formatted(width, height),
          "%d bytes that cannot hold them".formatted(stored));
    }
  }

  /** A TIFF with these samples and no others, in the byte order of the original. */
  byte[] sanitized() throws IOException {
    boolean plain = compression == UNCOMPRESSED;
    var taken = new int[sizes.length];
    for (int i = 0; i < taken.length; i++) {
      taken[i] = plain ? (int) uncompressedBytes(i) : sizes[i];
    }
    // One uncompressed strip: the reader expects the last of several to be as long as the others.
    boolean oneStrip = plain && !tiled;
    var places = new int[oneStrip ? 1 : taken.length]; // known when the directory has its size
    List<Entry> tags = new ArrayList<>();
    tags.add(tag(TIFF.TAG_IMAGE_WIDTH, width));
    tags.add(tag(TIFF.TAG_IMAGE_HEIGHT, height));
    tags.add(tag(TIFF.TAG_BITS_PER_SAMPLE, bits));
    tags.add(tag(TIFF.TAG_COMPRESSION, compression));
    tags.add(tag(TIFF.TAG_PHOTOMETRIC_INTERPRETATION, bands <= 2 ? 1 : 2)); // black is zero, or RGB
    tags.add(tag(TIFF.TAG_SAMPLES_PER_PIXEL, bands));
    if (bands % 2 == 0) {
      tags.add(tag(TIFF.TAG_EXTRA_SAMPLES, 2)); // alpha, not premultiplied
    }
    if (compression == LZW || compression == DEFLATE) {
      tags.add(tag(TIFF.TAG_PREDICTOR, directory.number(TIFF.TAG_PREDICTOR, 1)));
    }
    if (tiled) {
      tags.add(tag(TIFF.TAG_TILE_WIDTH, pieceWidth));
      tags.add(tag(TIFF.TAG_TILE_HEIGTH, pieceHeight));
    } else {
      tags.add(tag(TIFF.TAG_ROWS_PER_STRIP, oneStrip ? height : pieceHeight));
    }
    tags.add(tag(tiled ? TIFF.TAG_TILE_OFFSETS : TIFF.TAG_STRIP_OFFSETS, places));
    tags.add(
        tag(
            tiled ? TIFF.TAG_TILE_BYTE_COUNTS : TIFF.TAG_STRIP_BYTE_COUNTS,
            oneStrip ? IntStream.of(taken).sum() : taken));
    int first = HEADER + (int) new TIFFWriter().computeIFDSize(tags);
    int end = first;
    for (int i = 0; i < taken.length; i++) {
      if (i < places.length) {
        places[i] = end;
      }
      end += taken[i];
    }
    byte[] sanitized = Arrays.copyOf(encode(tags), end);
    int at = first;
    for (int i = 0; i < taken.length; i++) {
      System.arraycopy(file, offsets[i], sanitized, at, taken[i]);
      at += taken[i];
    }
    return sanitized;
  }

  private static Entry tag(int tag, Object numbers) {
    return new TIFFEntry(tag, TIFF.TYPE_LONG, numbers);
  }

  private byte[] encode(List<Entry> tags) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new MemoryCacheImageOutputStream(bytes)) {
      out.setByteOrder(directory.order());
      new TIFFWriter().write(tags, out);
    }
    return bytes.toByteArray();
  }
}
