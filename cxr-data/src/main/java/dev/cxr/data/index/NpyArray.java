package dev.cxr.data.index;

import dev.cxr.data.image.InvalidImageException;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
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
 * @param archive the file
 * @param name of the array, without {@code .npy}
 * @param shape its dimensions, all at least 1
 */
record NpyArray(Path archive, String name, List<Integer> shape) {

  private static final String DOWNLOAD_AGAIN = "Download the file again";
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

  /** Copies the shape. */
  NpyArray {
    shape = List.copyOf(shape);
  }

  /**
   * Reads the header of an array.
   *
   * @throws InvalidImageException if it is missing or does not contain unsigned bytes in row order
   */
  static NpyArray open(ZipFile zip, Path archive, String name) throws IOException {
    try (DataInputStream in = checksummed(zip, entry(zip, archive, name), new CRC32())) {
      NpyArray array = new NpyArray(archive, name, readHeader(in, archive, name));
      long maxBytes = Math.min(MAX_BYTES, MAX_DEFLATE_RATIO * Files.size(archive));
      if (size(array.shape) > maxBytes) {
        throw invalid(
            archive,
            name,
            "at most %d bytes".formatted(maxBytes),
            "shape " + array.shape,
            DOWNLOAD_AGAIN);
      }
      return array;
    } catch (EOFException e) {
      throw invalid(archive, name, "a NumPy array", "a truncated one", DOWNLOAD_AGAIN);
    }
  }

  /**
   * Reads all bytes, row by row.
   *
   * @throws InvalidImageException if it is shorter or longer than its shape, or damaged
   */
  byte[] read() throws IOException {
    CRC32 checksum = new CRC32();
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      ZipEntry entry = entry(zip, archive, name);
      byte[] bytes = read(checksummed(zip, entry, checksum));
      // ZipFile does not verify checksums.
      if (checksum.getValue() != entry.getCrc()) {
        throw invalid(
            archive,
            name,
            "bytes that match the checksum of the zip",
            "other bytes",
            DOWNLOAD_AGAIN);
      }
      return bytes;
    } catch (EOFException | ZipException e) {
      throw new InvalidImageException(
          "%s: expected %d bytes of %s, found a truncated or damaged array. %s."
              .formatted(archive, size(shape), name, DOWNLOAD_AGAIN),
          e);
    }
  }

  private byte[] read(DataInputStream stream) throws IOException {
    try (DataInputStream in = stream) {
      if (!readHeader(in, archive, name).equals(shape)) {
        throw invalid(
            archive,
            name,
            "the shape " + shape,
            "another one: the file has changed",
            "Run the command again");
      }
      byte[] bytes = new byte[(int) size(shape)];
      in.readFully(bytes);
      if (in.read() != -1) {
        throw invalid(archive, name, bytes.length + " bytes", "more", DOWNLOAD_AGAIN);
      }
      return bytes;
    }
  }

  private static ZipEntry entry(ZipFile zip, Path archive, String name)
      throws InvalidImageException {
    ZipEntry entry = zip.getEntry(name + ".npy");
    if (entry == null) {
      List<String> names = zip.stream().limit(4).map(ZipEntry::getName).toList();
      throw invalid(
          archive,
          name,
          "an array with this name",
          String.join(", ", names),
          "Give a MedMNIST file");
    }
    return entry;
  }

  /** Updates the checksum with the bytes that are read. */
  private static DataInputStream checksummed(ZipFile zip, ZipEntry entry, CRC32 checksum)
      throws IOException {
    InputStream in = new CheckedInputStream(zip.getInputStream(entry), checksum);
    return new DataInputStream(new BufferedInputStream(in, 1 << 16));
  }

  private static List<Integer> readHeader(DataInputStream in, Path archive, String name)
      throws IOException {
    byte[] magic = in.readNBytes(MAGIC.length);
    int version = in.readUnsignedByte();
    in.readUnsignedByte();
    boolean known = Arrays.equals(magic, MAGIC) && (version == 1 || version == 2);
    long length =
        !known
            ? -1
            : version == 1
                ? Short.toUnsignedLong(Short.reverseBytes(in.readShort()))
                : Integer.toUnsignedLong(Integer.reverseBytes(in.readInt()));
    if (length < 0 || length > MAX_HEADER_BYTES) {
      throw invalid(
          archive, name, "a NumPy array of version 1 or 2", "another format", DOWNLOAD_AGAIN);
    }
    String header = new String(in.readNBytes((int) length), StandardCharsets.ISO_8859_1);
    Matcher matcher = HEADER.matcher(header);
    if (!matcher.matches() || !matcher.group(1).equals("|u1") || matcher.group(2).equals("True")) {
      throw invalid(
          archive,
          name,
          "unsigned bytes in row order ('|u1', fortran_order False)",
          header.strip(),
          "Save it as uint8");
    }
    List<Integer> shape = shape(matcher.group(3));
    if (shape.isEmpty() || shape.contains(0)) {
      throw invalid(archive, name, "dimensions of at least 1", header.strip(), DOWNLOAD_AGAIN);
    }
    return shape;
  }

  /** A dimension that exceeds an int becomes 0, which is rejected. */
  private static List<Integer> shape(String text) {
    return Stream.of(text.split(",", -1))
        .map(String::strip)
        .filter(side -> !side.isEmpty())
        .map(side -> side.length() > 9 ? 0 : Integer.parseInt(side))
        .toList();
  }

  private static long size(List<Integer> shape) {
    long size = 1;
    for (int side : shape) {
      size = Math.min(size * side, MAX_BYTES + 1); // a product of two ints cannot overflow a long
    }
    return size;
  }

  private static InvalidImageException invalid(
      Path archive, String name, String expected, String found, String remedy) {
    return new InvalidImageException(
        "%s: expected %s in %s, found %s. %s.".formatted(archive, expected, name, found, remedy));
  }
}
