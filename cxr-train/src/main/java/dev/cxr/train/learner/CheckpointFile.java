package dev.cxr.train.learner;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.files.AtomicFile;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import org.apache.commons.io.function.IOConsumer;
import org.apache.commons.io.function.IOFunction;

/** A big-endian file of magic number, version, content and the CRC-32C of these. */
final class CheckpointFile {

  private static final long MAGIC = 0x6378_7220_636B_7074L; // "cxr ckpt"
  private static final int VERSION = 1;
  private static final int FRAME_BYTES = Long.BYTES + Integer.BYTES + Long.BYTES;
  private static final int CHUNK = 1 << 16;

  private CheckpointFile() {}

  /**
   * Replaces a file once everything is written and on the disk.
   *
   * <p>The temporary file has a fixed name, so that killed processes leave one at most. There is no
   * shutdown hook, which would delete it while a last checkpoint is saved under Ctrl-C.
   */
  static void write(Path file, IOConsumer<DataOutputStream> content) throws IOException {
    Path temporary = file.resolveSibling("." + file.getFileName() + ".unfinished");
    CRC32C checksum = new CRC32C();
    try {
      try (DataOutputStream out =
          new DataOutputStream(
              new CheckedOutputStream(
                  new BufferedOutputStream(Files.newOutputStream(temporary), CHUNK), checksum))) {
        out.writeLong(MAGIC);
        out.writeInt(VERSION);
        content.accept(out);
        out.writeLong(checksum.getValue());
      }
      AtomicFile.moveIntoPlace(temporary, file);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /**
   * Reads an intact file.
   *
   * @param maxBytes maximum size of its content
   * @throws UserErrorException if it is not a checkpoint, has another version, is damaged or larger
   */
  static <T> T read(Path file, long maxBytes, IOFunction<DataInputStream, T> content)
      throws IOException {
    requireIntact(file, maxBytes);
    try (DataInputStream in = open(file, new CRC32C())) {
      in.skipNBytes(Long.BYTES + Integer.BYTES);
      return content.apply(in);
    }
  }

  private static DataInputStream open(Path file, CRC32C checksum) throws IOException {
    InputStream bytes = new BufferedInputStream(Files.newInputStream(file), CHUNK);
    return new DataInputStream(new CheckedInputStream(bytes, checksum));
  }

  private static void requireIntact(Path file, long maxBytes) throws IOException {
    long size = Files.size(file);
    if (size < FRAME_BYTES || size - FRAME_BYTES > maxBytes) {
      throw UserErrorException.of(
          "a checkpoint of this network, %d to %d bytes".formatted(FRAME_BYTES, maxBytes),
          "%d bytes in %s".formatted(size, file),
          "Resume from the checkpoint before it, if there is one.");
    }
    CRC32C checksum = new CRC32C();
    try (DataInputStream in = open(file, checksum)) {
      if (in.readLong() != MAGIC) {
        throw UserErrorException.of(
            "a checkpoint", "another kind of file, " + file, "Resume from a run folder.");
      }
      int version = in.readInt();
      if (version != VERSION) {
        throw UserErrorException.of(
            "a checkpoint of version " + VERSION,
            "version %d in %s".formatted(version, file),
            "Resume with the release of cxr that wrote it.");
      }
      in.skipNBytes(size - FRAME_BYTES);
      long computed = checksum.getValue();
      if (in.readLong() != computed) {
        throw UserErrorException.of(
            "a checkpoint with a matching checksum",
            "a damaged one, " + file,
            "Resume from the checkpoint before it, if there is one.");
      }
    }
  }
}
