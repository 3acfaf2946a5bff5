package dev.cxr.data.index;

import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.InvalidImageException;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.lang.ref.SoftReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * An array of unsigned bytes in a NumPy {@code .npz} archive (NEP 1, versions 1 and 2).
 *
 * <p>An array is compressed as a whole, so reading one image loads all of them. A soft reference
 * keeps them, because all images are read once to create the pixel cache.
 */
final class NpyArray {

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int MAX_HEADER_BYTES = 4096;

  /** The size limit of a Java array. */
  private static final long MAX_BYTES = Integer.MAX_VALUE - 8;

  /** Deflate encodes at most 258 bytes in two bits, which bounds the size of any array. */
  private static final int MAX_DEFLATE_RATIO = 1032;

  private static final Pattern HEADER =
      Pattern.compile(
          "\\{\\s*'descr':\\s*'([^']*)',\\s*'fortran_order':\\s*(True|False),"
              + "\\s*'shape':\\s*\\((|\\d+(?:, *\\d+)*,?)\\),?\\s*\\}\\s*");

  private final Path archive;
  private final String name;
  private final List<Integer> shape;
  private SoftReference<byte[]> content = new SoftReference<>(null);

  private NpyArray(Path archive, String name, List<Integer> shape) {
    this.archive = archive;
    this.name = name;
    this.shape = shape;
  }

  /**
   * Reads the header of an array.
   *
   * @param name of the array, without {@code .npy}
   * @throws InvalidImageException if it is missing or does not contain unsigned bytes in row order
   */
  static NpyArray open(ZipFile zip, Path archive, String name) throws IOException {
    NpyArray unread = new NpyArray(archive, name, List.of());
    try (DataInputStream in = unread.checksummed(zip, new CRC32())) {
      NpyArray array = new NpyArray(archive, name, unread.readHeader(in));
      long maxBytes = Math.min(MAX_BYTES, MAX_DEFLATE_RATIO * Files.size(archive));
      if (array.size() > maxBytes) {
        throw array.invalid("at most %d bytes".formatted(maxBytes), "shape " + array.shape);
      }
      return array;
    } catch (EOFException e) {
      throw unread.invalid("a NumPy array", "a truncated one");
    }
  }

  /** Its dimensions, all at least 1. */
  List<Integer> shape() {
    return shape;
  }

  /** Archive and name. */
  String location() {
    return archive.toAbsolutePath().normalize() + " " + name;
  }

  Path archive() {
    return archive;
  }

  /**
   * Reads an image of an array (N, height, width) at its original size.
   *
   * @throws IOException if the archive cannot be read
   */
  GrayImage image(int index) throws IOException {
    int height = shape.get(1);
    int width = shape.get(2);
    int from = index * height * width;
    return new GrayImage(width, height, Arrays.copyOfRange(bytes(), from, from + height * width));
  }

  /**
   * Returns all bytes, row by row.
   *
   * @throws InvalidImageException if it is shorter or longer than its shape, or damaged
   */
  synchronized byte[] bytes() throws IOException {
    byte[] all = content.get();
    if (all == null) {
      all = read();
      content = new SoftReference<>(all);
    }
    return all;
  }

  private byte[] read() throws IOException {
    CRC32 checksum = new CRC32();
    byte[] bytes = new byte[(int) size()];
    try (ZipFile zip = new ZipFile(archive.toFile());
        DataInputStream in = checksummed(zip, checksum)) {
      if (!readHeader(in).equals(shape)) {
        throw invalid("the shape " + shape, "another one: the file has changed");
      }
      in.readFully(bytes);
      if (in.read() != -1) {
        throw invalid(bytes.length + " bytes", "more");
      }
      // ZipFile does not verify checksums.
      if (checksum.getValue() != entry(zip).getCrc()) {
        throw invalid("bytes that match the checksum of the zip", "other bytes");
      }
      return bytes;
    } catch (EOFException | ZipException e) {
      throw invalid(bytes.length + " bytes", "a truncated or damaged array");
    }
  }

  private ZipEntry entry(ZipFile zip) throws InvalidImageException {
    ZipEntry entry = zip.getEntry(name + ".npy");
    if (entry == null) {
      List<String> names = zip.stream().limit(4).map(ZipEntry::getName).toList();
      throw invalid("an array with this name", String.join(", ", names));
    }
    return entry;
  }

  /** Updates the checksum with the bytes that are read. */
  private DataInputStream checksummed(ZipFile zip, CRC32 checksum) throws IOException {
    return new DataInputStream(
        new BufferedInputStream(
            new CheckedInputStream(zip.getInputStream(entry(zip)), checksum), 1 << 16));
  }

  private List<Integer> readHeader(DataInputStream in) throws IOException {
    byte[] magic = in.readNBytes(MAGIC.length);
    int version = in.readUnsignedByte();
    in.readUnsignedByte();
    boolean known = Arrays.equals(magic, MAGIC) && (version == 1 || version == 2);
    long length =
        version == 1
            ? Short.toUnsignedLong(Short.reverseBytes(in.readShort()))
            : Integer.toUnsignedLong(Integer.reverseBytes(in.readInt()));
    if (!known || length > MAX_HEADER_BYTES) {
      throw invalid("a NumPy array of version 1 or 2", "another format");
    }
    String header = new String(in.readNBytes((int) length), StandardCharsets.ISO_8859_1);
    Matcher matcher = HEADER.matcher(header);
    if (!matcher.matches() || !matcher.group(1).equals("|u1") || matcher.group(2).equals("True")) {
      throw invalid("unsigned bytes in row order ('|u1', fortran_order False)", header.strip());
    }
    // A dimension that exceeds an int becomes 0, which is rejected.
    List<Integer> dimensions =
        Stream.of(matcher.group(3).split(",", -1))
            .map(String::strip)
            .filter(side -> !side.isEmpty())
            .map(side -> side.length() > 9 ? 0 : Integer.parseInt(side))
            .toList();
    if (dimensions.isEmpty() || dimensions.contains(0)) {
      throw invalid("dimensions of at least 1", header.strip());
    }
    return dimensions;
  }

  private long size() {
    long size = 1;
    for (int side : shape) {
      size = Math.min(size * side, MAX_BYTES + 1); // a product of two ints cannot overflow a long
    }
    return size;
  }

  private InvalidImageException invalid(String expected, String found) {
    return new InvalidImageException(
        "%s: expected %s in %s, found %s. Download the file again."
            .formatted(archive, expected, name, found));
  }
}
