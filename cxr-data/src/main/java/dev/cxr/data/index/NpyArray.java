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
 * @param shape its sides, all at least 1
 */
record NpyArray(Path archive, String name, List<Integer> shape) {

  private static final String DOWNLOAD_AGAIN = "Fetch the file again";
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int MAX_HEADER_BYTES = 4096;

  /** What a Java array holds. */
  private static final long MAX_BYTES = Integer.MAX_VALUE - 8;

  /** Deflate makes at most 258 bytes of two bits: an array cannot claim more than that allows. */
  private static final int MAX_DEFLATE_RATIO = 1032;

  private static final Pattern HEADER =
      Pattern.compile(
          "\\{\\s*'descr':\\s*'([^']*)',\\s*'fortran_order':\\s*(True|False),"
              + "\\s*'shape':\\s*\\((|\\d+(?:, *\\d+)*,?)\\),?\\s*\\}\\s*");

  /** Nothing is kept back: the list is not changed by whoever made it. */
  NpyArray {
    shape = List.copyOf(shape);
  }

  /**
   * Looks up an array, without its content.
   *
   * @throws InvalidImageException if it is missing or not of unsigned bytes, row by row
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
      throw invalid(archive, name, "a NumPy array", "it cut short", DOWNLOAD_AGAIN);
    }
  }

  /**
   * Reads the whole content, row by row.
   *
   * @throws InvalidImageException if it is shorter or longer than its shape, or damaged
   */
  byte[] read() throws IOException {
    CRC32 checksum = new CRC32();
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      ZipEntry entry = entry(zip, archive, name);
      byte[] bytes = read(checksummed(zip, entry, checksum));
      // Java's ZipFile does not look at it.
      if (checksum.getValue() != entry.getCrc()) {
        throw invalid(archive, name, "bytes of the zip's checksum", "other ones", DOWNLOAD_AGAIN);
      }
      return bytes;
    } catch (EOFException | ZipException e) {
      throw new InvalidImageException(
          "%s: expected %d bytes of %s, found it cut short or damaged. %s."
              .formatted(archive, size(shape), name, DOWNLOAD_AGAIN),
          e);
    }
  }

  private byte[] read(DataInputStream stream) throws IOException {
    try (DataInputStream in = stream) {
      if (!readHeader(in, archive, name).equals(shape)) {
        throw invalid(archive, name, "the shape " + shape, "that it has changed", "Start again");
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
          archive, name, "an array of that name", String.join(", ", names), "Give a MedMNIST file");
    }
    return entry;
  }

  /** Adds up the checksum of what is read of it. */
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
          archive, name, "a NumPy array of version 1 or 2", "something else", DOWNLOAD_AGAIN);
    }
    String header = new String(in.readNBytes((int) length), StandardCharsets.ISO_8859_1);
    Matcher matcher = HEADER.matcher(header);
    if (!matcher.matches() || !matcher.group(1).equals("|u1") || matcher.group(2).equals("True")) {
      throw invalid(
          archive,
          name,
          "unsigned bytes, row by row ('|u1', fortran_order False)",
          header.strip(),
          "Save it as uint8");
    }
    List<Integer> shape = shape(matcher.group(3));
    if (shape.isEmpty() || shape.contains(0)) {
      throw invalid(archive, name, "something", header.strip(), DOWNLOAD_AGAIN);
    }
    return shape;
  }

  /** A side too long for an int counts as 0, which no array here has. */
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
