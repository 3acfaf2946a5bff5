package dev.cxr.train.tensorboard;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.zip.CRC32C;

/**
 * A file of records, each with its length and two checksums: TFRecord.
 *
 * <pre>
 * 8 bytes   length, little endian
 * 4 bytes   masked CRC-32C of these 8
 * length    the record
 * 4 bytes   masked CRC-32C of the record
 * </pre>
 */
final class EventFile implements AutoCloseable {

  private static final int HEADER_BYTES = Long.BYTES + Integer.BYTES;
  private static final int FOOTER_BYTES = Integer.BYTES;
  private static final int MAX_RECORD_BYTES = 64 << 20;
  private static final int MASK = 0xA282EAD8;

  private final FileChannel channel;

  private EventFile(FileChannel channel) {
    this.channel = channel;
  }

  /** A new file. */
  static EventFile create(Path file) throws IOException {
    return new EventFile(
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
  }

  void append(byte[] content) throws IOException {
    byte[] length = ProtobufMessage.littleEndian(Long.BYTES).putLong(content.length).array();
    ByteBuffer whole =
        ProtobufMessage.littleEndian(HEADER_BYTES + content.length + FOOTER_BYTES)
            .put(length)
            .putInt(checksum(length))
            .put(content)
            .putInt(checksum(content))
            .flip();
    while (whole.hasRemaining()) {
      channel.write(whole);
    }
  }

  /** Syncs the file to disk. */
  void sync() throws IOException {
    channel.force(false);
  }

  /**
   * The end of the last record that ends with these bytes, before any damaged or truncated record.
   */
  static OptionalLong endOfLast(Path file, byte[] ending) throws IOException {
    OptionalLong end = OptionalLong.empty();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      long position = 0;
      Optional<byte[]> content = read(in);
      while (content.isPresent()) {
        byte[] record = content.get();
        position += HEADER_BYTES + record.length + FOOTER_BYTES;
        if (endsWith(record, ending)) {
          end = OptionalLong.of(position);
        }
        content = read(in);
      }
    }
    return end;
  }

  /** The next record; empty at the end and if it is damaged or truncated. */
  private static Optional<byte[]> read(InputStream in) throws IOException {
    byte[] length = in.readNBytes(Long.BYTES);
    if (!matchesChecksum(length, Long.BYTES, in)) {
      return Optional.empty();
    }
    long count = little(length).getLong();
    if (count < 0 || count > MAX_RECORD_BYTES) {
      return Optional.empty();
    }
    byte[] content = in.readNBytes((int) count);
    return matchesChecksum(content, (int) count, in) ? Optional.of(content) : Optional.empty();
  }

  /** Whether the next four bytes are the checksum of these. */
  private static boolean matchesChecksum(byte[] bytes, int expectedLength, InputStream in)
      throws IOException {
    byte[] stored = in.readNBytes(Integer.BYTES);
    return bytes.length == expectedLength
        && stored.length == Integer.BYTES
        && little(stored).getInt() == checksum(bytes);
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Cuts a file. */
  static void truncate(Path file, long size) throws IOException {
    try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
      out.truncate(size);
      out.force(true);
    }
  }

  private static boolean endsWith(byte[] content, byte[] ending) {
    int from = content.length - ending.length;
    return from >= 0 && Arrays.equals(content, from, content.length, ending, 0, ending.length);
  }

  /** Masked as TFRecord requires: rotated by 15 bits, plus a constant. */
  private static int checksum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return Integer.rotateRight((int) crc.getValue(), 15) + MASK;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
