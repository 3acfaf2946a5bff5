package dev.cxr.data.image;

import com.twelvemonkeys.imageio.metadata.tiff.TIFFEntry;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/**
 * The first directory of a TIFF: integers by tag, read on demand and within the bounds of the file.
 *
 * <p>The directory reader of TwelveMonkeys reads the values of all tags of all directories into
 * memory, whose sum a small file can make arbitrarily large.
 */
final class TiffDirectory {

  private static final int VERSION = 42;
  private static final int ENTRY = 12;
  private static final int SHORT = 3;
  private static final int LONG = 4;

  private final ByteBuffer in;

  /** The byte position of each entry. */
  private final Map<Integer, Integer> entries = new HashMap<>();

  private TiffDirectory(ByteBuffer in) {
    this.in = in;
  }

  /**
   * Reads the positions of the entries.
   *
   * @throws InvalidImageException if the file is truncated or a BigTIFF
   */
  static TiffDirectory of(byte[] file) throws InvalidImageException {
    var in = ByteBuffer.wrap(file);
    in.order(file[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    if (in.getShort(2) != VERSION) {
      throw InvalidImageException.of("a TIFF of version 42", "a BigTIFF (43)", "save it as TIFF");
    }
    var directory = new TiffDirectory(in);
    directory.requireRoom(4, 4);
    long at = Integer.toUnsignedLong(in.getInt(4));
    directory.requireRoom(at, 2);
    int count = Short.toUnsignedInt(in.getShort((int) at));
    directory.requireRoom(at + 2, (long) count * ENTRY);
    for (int i = 0; i < count; i++) {
      int entry = (int) at + 2 + i * ENTRY;
      directory.entries.putIfAbsent(Short.toUnsignedInt(in.getShort(entry)), entry);
    }
    return directory;
  }

  ByteOrder order() {
    return in.order();
  }

  boolean has(int tag) {
    return entries.containsKey(tag);
  }

  /** The first value of an optional tag. */
  int number(int tag, int ifMissing) throws InvalidImageException {
    return has(tag) ? number(tag) : ifMissing;
  }

  /** The first value of a required tag. */
  int number(int tag) throws InvalidImageException {
    return numbers(tag, 1)[0];
  }

  /**
   * The first values of a tag, at most {@link Integer#MAX_VALUE}, which exceeds any limit.
   *
   * @throws InvalidImageException if the tag is missing, has fewer values, has values of another
   *     type, or the file ends before them
   */
  int[] numbers(int tag, int count) throws InvalidImageException {
    Integer entry = entries.get(tag);
    if (entry == null) {
      throw damaged("the tag " + name(tag), "none");
    }
    int type = in.getShort(entry + 2);
    if (type != SHORT && type != LONG) {
      throw damaged(name(tag) + " in whole numbers of 2 or 4 bytes", "type " + type);
    }
    long size = type == SHORT ? 2 : 4;
    long found = Integer.toUnsignedLong(in.getInt(entry + 4));
    if (found < count) {
      throw damaged("%d values of %s".formatted(count, name(tag)), String.valueOf(found));
    }
    long at = entry + 8L;
    if (found * size > 4) {
      at = Integer.toUnsignedLong(in.getInt(entry + 8));
      requireRoom(at, count * size);
    }
    var numbers = new int[count];
    for (int i = 0; i < count; i++) {
      int value = (int) (at + i * size);
      numbers[i] =
          type == SHORT
              ? Short.toUnsignedInt(in.getShort(value))
              : (int) Math.min(Integer.toUnsignedLong(in.getInt(value)), Integer.MAX_VALUE);
    }
    return numbers;
  }

  /**
   * Checks that bytes are inside the file.
   *
   * @throws InvalidImageException if they are not
   */
  void requireRoom(long at, long bytes) throws InvalidImageException {
    if (at > in.capacity() - bytes) {
      throw InvalidImageException.truncated(
          "%d bytes at byte %d".formatted(bytes, at), in.capacity());
    }
  }

  /** The name of a tag in the specification. */
  static String name(int tag) {
    return new TIFFEntry(tag, 0).getFieldName();
  }

  static InvalidImageException damaged(String expected, String found) {
    return InvalidImageException.damaged(expected + " in a TIFF", found);
  }
}
