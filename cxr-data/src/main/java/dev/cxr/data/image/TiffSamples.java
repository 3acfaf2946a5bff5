package dev.cxr.data.image;

import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;

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

  private static final int HEADER = 8;
  private static final short LONG = 4;

  private final byte[] file;
  private final TiffDirectory directory;
  private final TiffCompression compression;
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
    compression = TiffCompression.of(directory.number(TiffTag.COMPRESSION, 1));
    width = directory.number(TiffTag.IMAGE_WIDTH);
    height = directory.number(TiffTag.IMAGE_LENGTH);
    bands = directory.number(TiffTag.SAMPLES_PER_PIXEL, 1);
    bits = directory.number(TiffTag.BITS_PER_SAMPLE);
    tiled = directory.has(TiffTag.TILE_OFFSETS);
    pieceWidth = tiled ? tileSide(TiffTag.TILE_WIDTH) : width;
    pieceHeight =
        tiled
            ? tileSide(TiffTag.TILE_LENGTH)
            : Math.min(Math.max(1, directory.number(TiffTag.ROWS_PER_STRIP, height)), height);
    int pieces = ceilDivide(width, pieceWidth) * ceilDivide(height, pieceHeight);
    if (tiled && (long) pieces * pieceWidth * pieceHeight > MAX_TILED_PIXELS) {
      throw TiffDirectory.damaged(
          "tiles of at most %d pixels in all".formatted(MAX_TILED_PIXELS),
          "%d of %dx%d".formatted(pieces, pieceWidth, pieceHeight));
    }
    offsets = directory.numbers(tiled ? TiffTag.TILE_OFFSETS : TiffTag.STRIP_OFFSETS, pieces);
    sizes = directory.numbers(tiled ? TiffTag.TILE_BYTE_COUNTS : TiffTag.STRIP_BYTE_COUNTS, pieces);
    requireEnoughBytes();
  }

  private static int ceilDivide(int all, int part) {
    return (all + part - 1) / part;
  }

  private int tileSide(TiffTag tag) throws InvalidImageException {
    int side = directory.number(tag);
    if (side < MIN_TILE_SIDE || side > MAX_TILE_SIDE) {
      throw TiffDirectory.damaged(
          "%s of %d to %d".formatted(tag, MIN_TILE_SIDE, MAX_TILE_SIDE), String.valueOf(side));
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
      if (sizes[i] < 1
          || (compression == TiffCompression.NONE && sizes[i] < uncompressedBytes(i))) {
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
    if (stored * compression.ratio() < claimed) {
      throw TiffDirectory.damaged(
          "%dx%d pixels".formatted(width, height),
          "%d bytes that cannot hold them".formatted(stored));
    }
  }

  /** A TIFF with these samples and no others, in the byte order of the original. */
  byte[] sanitized() throws InvalidImageException {
    boolean plain = compression == TiffCompression.NONE;
    var taken = new int[sizes.length];
    var places = new int[sizes.length];
    int end = HEADER;
    for (int i = 0; i < sizes.length; i++) {
      taken[i] = plain ? (int) uncompressedBytes(i) : sizes[i];
      places[i] = end;
      end += taken[i];
    }
    Map<TiffTag, int[]> tags = new EnumMap<>(TiffTag.class);
    tags.put(TiffTag.IMAGE_WIDTH, new int[] {width});
    tags.put(TiffTag.IMAGE_LENGTH, new int[] {height});
    tags.put(TiffTag.BITS_PER_SAMPLE, new int[] {bits});
    tags.put(TiffTag.COMPRESSION, new int[] {compression.code()});
    tags.put(TiffTag.INTERPRETATION, new int[] {bands <= 2 ? 1 : 2}); // black is zero, or RGB
    tags.put(TiffTag.SAMPLES_PER_PIXEL, new int[] {bands});
    if (bands % 2 == 0) {
      tags.put(TiffTag.EXTRA_SAMPLES, new int[] {2}); // alpha, not premultiplied
    }
    if (compression.takesPredictor()) {
      tags.put(TiffTag.PREDICTOR, new int[] {directory.number(TiffTag.PREDICTOR, 1)});
    }
    if (tiled) {
      tags.put(TiffTag.TILE_WIDTH, new int[] {pieceWidth});
      tags.put(TiffTag.TILE_LENGTH, new int[] {pieceHeight});
      tags.put(TiffTag.TILE_OFFSETS, places);
      tags.put(TiffTag.TILE_BYTE_COUNTS, taken);
    } else {
      // One uncompressed strip: the reader expects the last of several to be as long as the others.
      tags.put(TiffTag.STRIP_OFFSETS, plain ? new int[] {HEADER} : places);
      tags.put(TiffTag.ROWS_PER_STRIP, new int[] {plain ? height : pieceHeight});
      tags.put(TiffTag.STRIP_BYTE_COUNTS, plain ? new int[] {end - HEADER} : taken);
    }
    byte[] sanitized = withDirectory(tags, end);
    for (int i = 0; i < sizes.length; i++) {
      System.arraycopy(file, offsets[i], sanitized, places[i], taken[i]);
    }
    return sanitized;
  }

  /** A file with space for data before {@code end}, then the values of the tags, then the tags. */
  private byte[] withDirectory(Map<TiffTag, int[]> tags, int end) {
    int values = tags.values().stream().mapToInt(v -> v.length).filter(n -> n > 1).sum();
    int entries = end + values * Integer.BYTES;
    var bytes = new byte[entries + 2 + tags.size() * 12 + 4];
    var out = ByteBuffer.wrap(bytes).order(directory.order());
    out.put(file, 0, 4).putInt(entries);
    int valuesAt = end;
    out.position(entries).putShort((short) tags.size());
    for (Map.Entry<TiffTag, int[]> tag : tags.entrySet()) {
      int[] numbers = tag.getValue();
      out.putShort((short) tag.getKey().code()).putShort(LONG).putInt(numbers.length);
      out.putInt(numbers.length > 1 ? valuesAt : numbers[0]);
      if (numbers.length > 1) {
        for (int number : numbers) {
          out.putInt(valuesAt, number);
          valuesAt += Integer.BYTES;
        }
      }
    }
    return bytes;
  }
}
