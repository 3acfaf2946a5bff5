package dev.cxr.data.dataset;

import dev.cxr.common.cli.Progress;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.files.AtomicFile;
import dev.cxr.common.files.CacheFolder;
import dev.cxr.common.files.Sha256;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.Resampler;
import dev.cxr.data.index.Xray;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The decoded pixels of a list of X-rays, all resized to one side, in a file.
 *
 * <p>The file has a header; for each image its original size, the SHA-256 of its original pixels
 * and the checksum of its resized pixels; then the resized pixels, (side x side) unsigned bytes for
 * each image. The file name is a hash of the image locations, so that the cache of changed images
 * is replaced. The header has a key of the sources and a checksum of everything before the pixels;
 * a file that does not match is recreated. Pixels are verified when they are read, and damaged ones
 * are decoded again.
 *
 * <p>The file stays open until the cache is garbage collected.
 */
final class PixelCache {

  private static final long MAGIC = 0x4358_5250_4958_3033L; // "CXRPIX03"
  private static final int HASH_BYTES = 32;
  private static final int ENTRY_BYTES = HASH_BYTES + 3 * Integer.BYTES;
  private static final int HEADER_BYTES = Long.BYTES + HASH_BYTES + 3 * Integer.BYTES;

  /** Part of the key: raise it when decoding or resizing gives different pixels. */
  private static final int DECODER_VERSION = 2;

  /** Larger reads allocate native memory. */
  private static final int READ_BUFFER_BYTES = 8192;

  private final Path path;
  private final RandomAccessFile file; // a channel closes when a reading thread is interrupted
  private final List<Xray> xrays;
  private final int side;

  /** For each image its original width and height, its hash and the checksum of its pixels. */
  private final byte[] entries;

  private PixelCache(Path path, RandomAccessFile file, List<Xray> xrays, int side, byte[] entries) {
    this.path = path;
    this.file = file;
    this.xrays = xrays;
    this.side = side;
    this.entries = entries;
  }

  /**
   * Opens the cache of these X-rays; decodes them first if there is no cache.
   *
   * @throws UserErrorException if any of them cannot be decoded; names the first
   * @throws IOException if the cache folder cannot be written
   */
  static PixelCache openOrCreate(List<Xray> xrays, int side) throws IOException {
    byte[] key = key(xrays, side);
    Path file = CacheFolder.create("pixels").resolve(fileName(xrays, side));
    if (Files.exists(file)) {
      PixelCache cache = open(file, key, xrays, side);
      if (cache != null) {
        return cache;
      }
      System.err.printf("The pixel cache %s is damaged or out of date and is recreated.%n", file);
    }
    AtomicFile.write(file, path -> decodeAll(xrays, side, key, path));
    PixelCache cache = open(file, key, xrays, side);
    if (cache == null) {
      throw new IOException(
          "expected the pixel cache just written, found other contents in " + file);
    }
    return cache;
  }

  /**
   * Image {@code index}, (side x side). Thread-safe.
   *
   * @throws UncheckedIOException if it can neither be read nor decoded again
   */
  GrayImage image(int index) {
    byte[] pixels = new byte[side * side];
    try {
      if (!readPixels(index, pixels)
          || checksum(pixels)
              != ByteBuffer.wrap(entries).getInt((index + 1) * ENTRY_BYTES - Integer.BYTES)) {
        if (Files.deleteIfExists(path)) {
          System.err.printf(
              "The pixel cache %s is damaged: its images are decoded again, and the next run recreates it.%n",
              path);
        }
        return Resampler.resize(xrays.get(index).source().read(), side, side);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new GrayImage(side, side, pixels);
  }

  /** Returns false if the file is too short. */
  private boolean readPixels(int index, byte[] pixels) throws IOException {
    synchronized (file) {
      file.seek(pixelOffset(xrays.size()) + (long) index * pixels.length);
      int read = 0;
      while (read < pixels.length) {
        int more = file.read(pixels, read, Math.min(READ_BUFFER_BYTES, pixels.length - read));
        if (more < 0) {
          return false;
        }
        read += more;
      }
      return true;
    }
  }

  /** The SHA-256 of size and pixels of image {@code index} at its original size. */
  String hash(int index) {
    int start = index * ENTRY_BYTES + 2 * Integer.BYTES;
    return HexFormat.of().formatHex(entries, start, start + HASH_BYTES);
  }

  /** Columns times rows of image {@code index} at its original size. */
  long originalPixelCount(int index) {
    int start = index * ENTRY_BYTES;
    ByteBuffer in = ByteBuffer.wrap(entries);
    return (long) in.getInt(start) * in.getInt(start + Integer.BYTES);
  }

  private static String fileName(List<Xray> xrays, int side) {
    MessageDigest digest = Sha256.newDigest();
    for (Xray xray : xrays) {
      digest.update((xray.source().location() + "\n").getBytes(StandardCharsets.UTF_8));
    }
    return "%s-%d.u8".formatted(HexFormat.of().formatHex(digest.digest(), 0, 12), side);
  }

  private static byte[] key(List<Xray> xrays, int side) throws IOException {
    MessageDigest digest = Sha256.newDigest();
    digest.update("%d %d\n".formatted(DECODER_VERSION, side).getBytes(StandardCharsets.UTF_8));
    for (Xray xray : xrays) {
      String line = xray.source().location() + "\n" + xray.source().versionStamp() + "\n";
      digest.update(line.getBytes(StandardCharsets.UTF_8));
    }
    return digest.digest();
  }

  private static void decodeAll(List<Xray> xrays, int side, byte[] key, Path file)
      throws IOException {
    int count = xrays.size();
    List<String> failures = Collections.synchronizedList(new ArrayList<>());
    try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.READ);
        Progress progress = Progress.start("Decoding", " images", count)) {
      IntStream.range(0, count)
          .parallel()
          .forEach(
              i -> {
                try {
                  GrayImage image = xrays.get(i).source().read();
                  byte[] pixels = Resampler.resize(image, side, side).pixels();
                  ByteBuffer entry = ByteBuffer.allocate(ENTRY_BYTES);
                  entry.putInt(image.width()).putInt(image.height());
                  entry.put(HexFormat.of().parseHex(image.sha256())).putInt(checksum(pixels));
                  writeAt(channel, entry.array(), HEADER_BYTES + (long) i * ENTRY_BYTES);
                  writeAt(channel, pixels, pixelOffset(count) + (long) i * side * side);
                } catch (IOException e) {
                  failures.add(xrays.get(i).id() + " (" + e.getMessage() + ")");
                }
                synchronized (progress) {
                  progress.step(1, "");
                }
              });
      if (!failures.isEmpty()) {
        throw unreadableImages(failures);
      }
      ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
      header.putLong(MAGIC).put(key).putInt(count).putInt(side);
      header.putInt(checksum(readEntries(channel, count)));
      writeAt(channel, header.array(), 0);
    }
  }

  private static UserErrorException unreadableImages(List<String> failures) {
    Collections.sort(failures);
    return UserErrorException.of(
        "readable images",
        "%d unreadable, the first is %s".formatted(failures.size(), failures.get(0)),
        "Replace or remove them, then run the command again.");
  }

  /** Returns null if the file is not a complete cache with this key. */
  private static @Nullable PixelCache open(Path path, byte[] key, List<Xray> xrays, int side)
      throws IOException {
    int count = xrays.size();
    RandomAccessFile file = new RandomAccessFile(path.toFile(), "r");
    boolean fits = false;
    try {
      FileChannel channel = file.getChannel();
      ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
      if (channel.size() != pixelOffset(count) + (long) count * side * side
          || channel.read(header, 0) != HEADER_BYTES) {
        return null;
      }
      byte[] found = new byte[HASH_BYTES];
      long magic = header.flip().getLong();
      header.get(found);
      byte[] entries = readEntries(channel, count);
      fits =
          magic == MAGIC
              && MessageDigest.isEqual(found, key)
              && header.getInt() == count
              && header.getInt() == side
              && header.getInt() == checksum(entries);
      return fits ? new PixelCache(path, file, xrays, side, entries) : null;
    } finally {
      if (!fits) {
        file.close();
      }
    }
  }

  /** The bytes between the header and the pixels. */
  private static byte[] readEntries(FileChannel channel, int count) throws IOException {
    channel.position(HEADER_BYTES);
    return Channels.newInputStream(channel).readNBytes(count * ENTRY_BYTES);
  }

  private static int checksum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  private static long pixelOffset(int count) {
    return HEADER_BYTES + (long) count * ENTRY_BYTES;
  }

  private static void writeAt(FileChannel channel, byte[] bytes, long position) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    try {
      while (buffer.hasRemaining()) {
        position += channel.write(buffer, position);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // such as a full disk: not an error of the image
    }
  }
}
