package dev.cxr.train.learner;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.files.AtomicFile;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/**
 * A file that is whole or refused: a mark, a version, the content, and the CRC-32C of all of that.
 *
 * <p>Big-endian, as {@link DataOutputStream} writes; arrays are their numbers, row by row.
 */
final class CheckpointFile {

  private static final long MAGIC = 0x6378_7220_636B_7074L; // "cxr ckpt"
  private static final int VERSION = 1;
  private static final int FRAME_BYTES = Long.BYTES + Integer.BYTES + Long.BYTES;
  private static final int CHUNK = 1 << 16;

  private CheckpointFile() {}

  /** Writes the content of a checkpoint. */
  @FunctionalInterface
  interface ContentWriter {
    void writeTo(DataOutputStream out) throws IOException;
  }

  /** Reads the content of a checkpoint, all of it. */
  @FunctionalInterface
  interface ContentReader<T> {
    T readFrom(DataInputStream in) throws IOException;
  }

  /**
   * Replaces a file once everything is written and on the disk.
   *
   * <p>What is written aside has one name for each file, so that a process that is killed leaves no
   * more than one, and no shutdown hook, which would take it away from a last save under Ctrl-C.
   */
  static void write(Path file, ContentWriter content) throws IOException {
    Path temporary = file.resolveSibling("." + file.getFileName() + ".unfinished");
    CRC32C checksum = new CRC32C();
    try {
      try (DataOutputStream out =
          new DataOutputStream(
              new CheckedOutputStream(
                  new BufferedOutputStream(Files.newOutputStream(temporary), CHUNK), checksum))) {
        out.writeLong(MAGIC);
        out.writeInt(VERSION);
        content.writeTo(out);
        out.writeLong(checksum.getValue());
      }
      AtomicFile.moveIntoPlace(temporary, file);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /**
   * Reads a file whose sum is right.
   *
   * @param maxBytes how many bytes its content may have
   * @throws UserErrorException if it is no checkpoint, of another version, damaged or larger
   */
  static <T> T read(Path file, long maxBytes, ContentReader<T> content) throws IOException {
    requireIntact(file, maxBytes);
    try (DataInputStream in = open(file, new CRC32C())) {
      in.skipNBytes(Long.BYTES + Integer.BYTES);
      return content.readFrom(in);
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
          "The one before it will do, if there is one.");
    }
    CRC32C checksum = new CRC32C();
    try (DataInputStream in = open(file, checksum)) {
      if (in.readLong() != MAGIC) {
        throw UserErrorException.of(
            "a checkpoint", "something else in " + file, "Resume from a run folder's checkpoint.");
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
            "a checkpoint with the sum it was written with",
            "a damaged one, " + file,
            "The one before it will do, if there is one.");
      }
    }
  }

  /** In pieces: a copy of all of it on the heap would stay with the process. */
  static void writeArray(DataOutputStream out, NDArray array) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
    int size = Math.toIntExact(array.size());
    try (NDManager pieces = array.getManager().newSubManager()) {
      NDArray flat = array.stopGradient().flatten();
      flat.attach(pieces);
      for (int done = 0; done < size; ) {
        int count = Math.min(size - done, CHUNK / Float.BYTES);
        try (NDArray piece = flat.get(new NDIndex("{}:{}", done, done + count))) {
          chunk.asFloatBuffer().put(piece.toFloatArray());
        }
        out.write(chunk.array(), 0, count * Float.BYTES);
        done += count;
      }
    }
  }

  static NDArray readArray(DataInputStream in, NDManager manager, Shape shape) throws IOException {
    float[] numbers = new float[Math.toIntExact(shape.size())];
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
    for (int done = 0; done < numbers.length; ) {
      int count = Math.min(numbers.length - done, CHUNK / Float.BYTES);
      in.readFully(chunk.array(), 0, count * Float.BYTES);
      chunk.asFloatBuffer().get(numbers, done, count);
      done += count;
    }
    return WeightSnapshot.ownedBy(manager.create(numbers, shape), manager);
  }
}
