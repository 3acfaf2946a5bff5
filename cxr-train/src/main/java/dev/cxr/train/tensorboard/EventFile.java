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
import java.util.OptionalLong;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.tensorflow.proto.Event;

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

  /** A new file. */
  EventFile(Path file) throws IOException {
    channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  void append(byte[] content) throws IOException {
    byte[] length = littleEndian(new byte[Long.BYTES]).putLong(content.length).array();
    ByteBuffer whole =
        littleEndian(new byte[HEADER_BYTES + content.length + FOOTER_BYTES])
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

  /** The end of the last event with a checkpoint, before any damaged or truncated record. */
  static OptionalLong endOfCheckpoint(Path file, String checkpoint) throws IOException {
    OptionalLong end = OptionalLong.empty();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      long position = 0;
      for (byte[] record = read(in); record != null; record = read(in)) {
        position += HEADER_BYTES + record.length + FOOTER_BYTES;
        if (Event.parseFrom(record).getSessionLog().getCheckpointPath().equals(checkpoint)) {
          end = OptionalLong.of(position);
        }
      }
    }
    return end;
  }

  /** The next record; null at the end and if it is damaged or truncated. */
  private static byte @Nullable [] read(InputStream in) throws IOException {
    byte[] length = in.readNBytes(Long.BYTES);
    if (!matchesChecksum(length, Long.BYTES, in)) {
      return null;
    }
    long count = littleEndian(length).getLong();
    if (count < 0 || count > MAX_RECORD_BYTES) {
      return null;
    }
    byte[] content = in.readNBytes((int) count);
    return matchesChecksum(content, (int) count, in) ? content : null;
  }

  /** Whether the next four bytes are the checksum of these. */
  private static boolean matchesChecksum(byte[] bytes, int expectedLength, InputStream in)
      throws IOException {
    byte[] stored = in.readNBytes(Integer.BYTES);
    return bytes.length == expectedLength
        && stored.length == Integer.BYTES
        && littleEndian(stored).getInt() == checksum(bytes);
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Cuts a file. */
  static void truncate(Path file, long size) throws IOException {
    try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
      out.truncate(size);
      out.force(true);
    }
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
