package dev.cxr.data.dataset;

import dev.cxr.data.catalogue.Xray;
import dev.cxr.data.files.AtomicFile;
import dev.cxr.data.files.CacheFolder;
import dev.cxr.data.files.Sha256;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.Resampler;
import dev.cxr.data.shell.Progress;
import dev.cxr.data.shell.Refusal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
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
 * The decoded pixels of a list of X-rays, all resized to one side, in a memory-mapped file.
 *
 * <p>The file holds a header, then for each picture the SHA-256 of its pixels at their own size,
 * then the pixels, (side x side) unsigned bytes a picture. Its name follows from where the pictures
 * are, so that a cache of pictures that have changed is replaced and not joined by another. Its
 * header carries the key of what it was made from and the checksum of the rest: a file that does
 * not fit is made anew.
 */
final class PixelCache {

  private static final long MAGIC = 0x4358_5250_4958_3031L; // "CXRPIX01"
  private static final int HASH_BYTES = 32;
  private static final int HEADER_BYTES = Long.BYTES + HASH_BYTES + 2 * Integer.BYTES + Long.BYTES;

  /** Part of the key: raise it when decoding or resizing gives other pixels than before. */
  private static final int DECODER_VERSION = 2;

  /** A mapping holds less than 2 GiB, so a large cache takes several. */
  private static final long MAPPING_BYTES = 1L << 30;

  /** Read, not mapped, to be checked: a mapping costs a fault a page, several times the reading. */
  private static final int CHECKED_BYTES = 1 << 20;

  private final int side;
  private final List<String> hashes;
  private final List<MappedByteBuffer> mappings;
  private final int imagesPerMapping;

  private PixelCache(int side, List<String> hashes, List<MappedByteBuffer> mappings) {
    this.side = side;
    this.hashes = hashes;
    this.mappings = mappings;
    this.imagesPerMapping = imagesPerMapping(side);
  }

  /**
   * Opens the cache of these X-rays, after decoding them if there is none yet.
   *
   * @throws Refusal if any of them cannot be decoded; it names the first few
   * @throws IOException if the cache folder cannot be written
   */
  static PixelCache of(List<Xray> xrays, int side) throws IOException {
    byte[] key = key(xrays, side);
    Path file = CacheFolder.make("pixels").resolve(name(xrays, side));
    if (Files.exists(file)) {
      PixelCache cache = open(file, key, xrays.size(), side);
      if (cache != null) {
        return cache;
      }
      System.err.printf("The pixel cache %s is damaged or out of date: it is made anew.%n", file);
    }
    AtomicFile.write(file, path -> decodeAll(xrays, side, key, path));
    PixelCache cache = open(file, key, xrays.size(), side);
    if (cache == null) {
      throw new IOException("the pixel cache " + file + " does not read as it was written");
    }
    return cache;
  }

  /** The buffer that holds picture {@code index}, from {@link #offset} on. */
  ByteBuffer buffer(int index) {
    return mappings.get(index / imagesPerMapping);
  }

  int offset(int index) {
    return index % imagesPerMapping * side * side;
  }

  /** Identifies the pixels of picture {@code index} at their own size. */
  String hash(int index) {
    return hashes.get(index);
  }

  private static String name(List<Xray> xrays, int side) {
    MessageDigest digest = Sha256.start();
    for (Xray xray : xrays) {
      digest.update((xray.source().origin() + "\n").getBytes(StandardCharsets.UTF_8));
    }
    return "%s-%d.u8".formatted(HexFormat.of().formatHex(digest.digest(), 0, 12), side);
  }

  private static byte[] key(List<Xray> xrays, int side) throws IOException {
    MessageDigest digest = Sha256.start();
    digest.update("%d %d\n".formatted(DECODER_VERSION, side).getBytes(StandardCharsets.UTF_8));
    for (Xray xray : xrays) {
      String line = xray.source().origin() + "\n" + xray.source().stamp() + "\n";
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
                  writeAt(channel, hash(image), HEADER_BYTES + (long) i * HASH_BYTES);
                  writeAt(channel, pixels, pixelStart(count) + (long) i * side * side);
                } catch (IOException e) {
                  failures.add(xrays.get(i).id() + " (" + e.getMessage() + ")");
                }
                synchronized (progress) {
                  progress.step(1, "");
                }
              });
      if (!failures.isEmpty()) {
        throw unreadable(failures);
      }
      ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
      header.putLong(MAGIC).put(key).putInt(count).putInt(side);
      header.putLong(checksum(channel));
      writeAt(channel, header.array(), 0);
    }
  }

  private static Refusal unreadable(List<String> failures) {
    Collections.sort(failures);
    boolean one = failures.size() == 1;
    return Refusal.of(
        "pictures that can be read",
        one
            ? failures.get(0)
            : "%d that cannot, the first being %s".formatted(failures.size(), failures.get(0)),
        (one ? "Mend or remove it" : "Mend or remove them") + ", then run this again.");
  }

  /** Null if the file is not the whole cache of this key. */
  private static @Nullable PixelCache open(Path file, byte[] key, int count, int side)
      throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = pixelStart(count) + (long) count * side * side;
      ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
      if (channel.size() != size || channel.read(header, 0) != HEADER_BYTES) {
        return null;
      }
      byte[] found = new byte[HASH_BYTES];
      long magic = header.flip().getLong();
      header.get(found);
      boolean fits =
          magic == MAGIC
              && MessageDigest.isEqual(found, key)
              && header.getInt() == count
              && header.getInt() == side
              && header.getLong() == checksum(channel);
      return fits ? new PixelCache(side, hashes(channel, count), map(channel, count, side)) : null;
    }
  }

  private static List<String> hashes(FileChannel channel, int count) throws IOException {
    ByteBuffer all = channel.map(MapMode.READ_ONLY, HEADER_BYTES, (long) count * HASH_BYTES);
    byte[] hash = new byte[HASH_BYTES];
    List<String> hashes = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      all.get(hash);
      hashes.add(HexFormat.of().formatHex(hash));
    }
    return hashes;
  }

  private static List<MappedByteBuffer> map(FileChannel channel, int count, int side)
      throws IOException {
    List<MappedByteBuffer> mappings = new ArrayList<>();
    int perMapping = imagesPerMapping(side);
    for (int first = 0; first < count; first += perMapping) {
      long bytes = (long) Math.min(perMapping, count - first) * side * side;
      long start = pixelStart(count) + (long) first * side * side;
      mappings.add(channel.map(MapMode.READ_ONLY, start, bytes));
    }
    return mappings;
  }

  private static long checksum(FileChannel channel) throws IOException {
    CRC32C crc = new CRC32C();
    ByteBuffer buffer = ByteBuffer.allocateDirect(CHECKED_BYTES);
    long at = HEADER_BYTES;
    for (int read = channel.read(buffer, at); read > 0; read = channel.read(buffer, at)) {
      at += read;
      crc.update(buffer.flip());
      buffer.clear();
    }
    return crc.getValue();
  }

  private static int imagesPerMapping(int side) {
    return (int) (MAPPING_BYTES / ((long) side * side));
  }

  private static long pixelStart(int count) {
    return HEADER_BYTES + (long) count * HASH_BYTES;
  }

  private static byte[] hash(GrayImage image) {
    MessageDigest digest = Sha256.start();
    digest.update(
        ByteBuffer.allocate(2 * Integer.BYTES).putInt(image.width()).putInt(image.height()).flip());
    return digest.digest(image.pixels());
  }

  private static void writeAt(FileChannel channel, byte[] bytes, long position) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    try {
      while (buffer.hasRemaining()) {
        position += channel.write(buffer, position);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a full disk is no fault of the picture's
    }
  }
}
