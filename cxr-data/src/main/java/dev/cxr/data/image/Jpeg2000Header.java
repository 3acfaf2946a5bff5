package dev.cxr.data.image;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Checks the markers of a JPEG 2000 codestream (ISO/IEC 15444-1 annex A), so that a decoder needs
 * time and memory in proportion to its pixels and bytes.
 */
final class Jpeg2000Header {

  /** The length and the type of the first box of a JP2 file. */
  private static final long JP2_SIGNATURE = 0x0000_000C_6A50_2020L;

  private static final int CODESTREAM_BOX = 0x6A70_3263; // jp2c
  private static final int START_OF_CODESTREAM = 0xFF4F;
  private static final int SIZE = 0xFF51;
  private static final int CODING_STYLE = 0xFF52;
  private static final int COMPONENT_CODING_STYLE = 0xFF53;
  private static final int PROGRESSION_ORDER_CHANGE = 0xFF5F;
  private static final int PACKED_HEADERS = 0xFF60;
  private static final int PACKED_TILE_HEADERS = 0xFF61;
  private static final int START_OF_TILE_PART = 0xFF90;
  private static final int START_OF_DATA = 0xFF93;
  private static final int END_OF_CODESTREAM = 0xFFD9;

  /** The marker and the header of a tile-part, before its data. */
  private static final int TILE_PART_BYTES = 14;

  private static final int MAX_LEVELS = 32;
  private static final int MIN_BLOCK_PIXELS = 256;
  private static final int MAX_LAYERS = 256;

  /** Of all layers. */
  private static final int MAX_BLOCKS = 1 << 20;

  private final ByteBuffer in;
  private final SampleLayout layout;
  private int precision;
  private int tileWidth;
  private int tileHeight;
  private int layers;

  private Jpeg2000Header(byte[] coded, SampleLayout layout) {
    this.in = ByteBuffer.wrap(coded);
    this.layout = layout;
  }

  /**
   * The codestream, taken out of the boxes of a JP2 file if it is in them.
   *
   * @throws InvalidImageException if there are boxes that could change the order of colours
   */
  static byte[] codestream(byte[] coded, SampleLayout layout) throws InvalidImageException {
    ByteBuffer in = ByteBuffer.wrap(coded);
    if (in.remaining() < 12 || in.getLong(0) != JP2_SIGNATURE) {
      return coded;
    }
    if (layout.samples() > 1) {
      throw unsupported("a JP2 file of colours");
    }
    while (in.remaining() >= 8) {
      long length = Integer.toUnsignedLong(in.getInt(in.position()));
      if (in.getInt(in.position() + 4) == CODESTREAM_BOX) {
        return Arrays.copyOfRange(coded, in.position() + 8, coded.length);
      }
      if (length < 8 || length > in.remaining()) {
        break;
      }
      in.position(in.position() + (int) length);
    }
    return coded; // whose check fails
  }

  /**
   * Checks a codestream and returns the bits of its samples.
   *
   * @throws InvalidImageException if it is unsupported, damaged or truncated, or has another size
   */
  static int precision(byte[] coded, SampleLayout layout) throws InvalidImageException {
    var header = new Jpeg2000Header(coded, layout);
    header.check();
    return header.precision;
  }

  private void check() throws InvalidImageException {
    requireMarker(START_OF_CODESTREAM);
    requireMarker(SIZE);
    readSize(endOfSegment());
    boolean hasStyle = false;
    int marker = readMarker();
    while (marker != START_OF_TILE_PART) {
      hasStyle |= marker == CODING_STYLE;
      checkSegment(marker);
      marker = readMarker();
    }
    if (!hasStyle) {
      throw damaged("a coding style before the first tile", "none");
    }
    while (marker == START_OF_TILE_PART) {
      skipTilePart();
      if (!in.hasRemaining()) {
        return; // without the marker of the end
      }
      marker = readMarker();
    }
    if (marker != END_OF_CODESTREAM) {
      throw damaged("a tile-part or the end", "%04X".formatted(marker));
    }
  }

  private void readSize(int end) throws InvalidImageException {
    int at = in.position();
    int components = end - at < 38 ? 0 : in.getChar(at + 36);
    if (components == 0 || end - at != 38 + 3 * components) {
      throw damaged("a complete size", "a broken one");
    }
    int width = in.getInt(at + 4);
    int height = in.getInt(at + 8);
    precision = (in.get(at + 38) & 0x7F) + 1;
    layout.require("a JPEG 2000 image", width, height, components, precision);
    boolean hasOffset = false;
    for (int offset = 12; offset < 36; offset += 4) {
      hasOffset |= offset != 20 && offset != 24 && in.getInt(at + offset) != 0;
    }
    boolean isSubsampled = false;
    for (int i = 0; i < components; i++) {
      isSubsampled |= in.getChar(at + 39 + 3 * i) != 0x0101;
      isSubsampled |= in.get(at + 38 + 3 * i) != in.get(at + 38);
    }
    if (hasOffset || isSubsampled) {
      throw unsupported("offsets or unequal components");
    }
    tileWidth = in.getInt(at + 20);
    tileHeight = in.getInt(at + 24);
    if (tileWidth < 1
        || tileHeight < 1
        || tiles(width, tileWidth) * tiles(height, tileHeight) * TILE_PART_BYTES > in.capacity()) {
      throw damaged("tiles that the bytes can hold", "more");
    }
    in.position(end);
  }

  private static long tiles(long size, int tile) {
    return (size + tile - 1) / tile;
  }

  /** Checks a segment of the main header or of a tile-part, and moves past it. */
  private void checkSegment(int marker) throws InvalidImageException {
    int end = endOfSegment();
    int at = in.position();
    switch (marker) {
      case CODING_STYLE -> {
        requireLength(end - at, 12);
        layers = in.getChar(at + 4);
        checkStyle(at + 7, end, (in.get(at + 2) & 1) != 0);
      }
      case COMPONENT_CODING_STYLE -> {
        requireLength(end - at, 9);
        checkStyle(at + 4, end, (in.get(at + 3) & 1) != 0);
      }
      case PROGRESSION_ORDER_CHANGE, PACKED_HEADERS, PACKED_TILE_HEADERS ->
          throw unsupported("changes of the progression order or packed headers");
      default -> {}
    }
    in.position(end);
  }

  /** Checks the parameters SPcod or SPcoc of a coding style. */
  private void checkStyle(int at, int end, boolean hasPrecincts) throws InvalidImageException {
    int levels = in.get(at) & 0xFF;
    int blockBits = (in.get(at + 1) & 0xFF) + (in.get(at + 2) & 0xFF) + 4;
    if (levels > MAX_LEVELS || (hasPrecincts && end < at + 6 + levels)) {
      throw damaged("a valid coding style", "another");
    }
    long blocks = ((long) layout.pixels() * layout.samples() * layers) >> blockBits;
    if (blockBits > 12
        || 1 << blockBits < MIN_BLOCK_PIXELS
        || layers < 1
        || layers > MAX_LAYERS
        || blocks > MAX_BLOCKS) {
      throw unsupported("very small or very many blocks or layers");
    }
    long packets = 0;
    for (int r = 0; r <= levels; r++) {
      int size = hasPrecincts ? in.get(at + 5 + r) & 0xFF : 0xFF;
      packets +=
          precincts(layout.width(), tileWidth, levels - r, size & 0xF)
              * precincts(layout.height(), tileHeight, levels - r, size >> 4);
    }
    // A packet has at least one byte.
    if (packets * layers * layout.samples() > in.capacity()) {
      throw damaged("packets that the bytes can hold", "more");
    }
  }

  /** The precincts along one side: at least one for each tile. */
  private static long precincts(long size, int tile, int level, int bits) {
    return Math.max(tiles(size, tile), (size >> Math.min(63, level + bits)) + 1);
  }

  private void skipTilePart() throws InvalidImageException {
    int start = in.position() - 2;
    int end = endOfSegment();
    requireLength(end - in.position(), 10);
    long length = Integer.toUnsignedLong(in.getInt(in.position() + 4));
    long last = length == 0 ? in.capacity() : start + length;
    in.position(end);
    int marker = readMarker();
    while (marker != START_OF_DATA) {
      checkSegment(marker);
      marker = readMarker();
    }
    if (last > in.capacity()) {
      throw InvalidImageException.truncated("%d bytes of a tile".formatted(length), in.capacity());
    }
    if (last < in.position()) {
      throw damaged("a tile-part that contains its header", "a shorter one");
    }
    in.position((int) last);
  }

  private void requireMarker(int marker) throws InvalidImageException {
    int found = readMarker();
    if (found != marker) {
      throw damaged("marker %04X".formatted(marker), "%04X".formatted(found));
    }
  }

  private int readMarker() throws InvalidImageException {
    if (in.remaining() < 2) {
      throw InvalidImageException.truncated("a JPEG 2000 marker", in.capacity());
    }
    return in.getChar();
  }

  private int endOfSegment() throws InvalidImageException {
    int length = in.remaining() < 2 ? Integer.MAX_VALUE : in.getChar(in.position());
    if (length > in.remaining()) {
      throw InvalidImageException.truncated("a JPEG 2000 segment", in.capacity());
    }
    requireLength(length, 2);
    return in.position() + length;
  }

  private static void requireLength(int found, int least) throws InvalidImageException {
    if (found < least) {
      throw damaged("a segment of %d bytes or more".formatted(least), String.valueOf(found));
    }
  }

  private static InvalidImageException damaged(String expected, String found) {
    return InvalidImageException.damaged(expected + " in a JPEG 2000 image", found);
  }

  private static InvalidImageException unsupported(String found) {
    return InvalidImageException.of(
        "a plain JPEG 2000 image", found, "convert the file to Explicit VR Little Endian");
  }
}
