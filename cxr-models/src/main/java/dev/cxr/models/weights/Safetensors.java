package dev.cxr.models.weights;

import dev.cxr.common.cli.UserErrorException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Objects;

/**
 * A safetensors file: 8 bytes of header length, a JSON header, little-endian data.
 *
 * <p>Opening checks the header; values are read one tensor at a time, within its bytes.
 */
final class Safetensors implements AutoCloseable {

  private static final int LENGTH_BYTES = Long.BYTES;
  private static final int MAX_HEADER_BYTES = 16 << 20;

  private final Path file;
  private final FileChannel channel;
  private final long dataStart;
  private final SafetensorsHeader header;

  private Safetensors(Path file, FileChannel channel, long dataStart, SafetensorsHeader header) {
    this.file = file;
    this.channel = channel;
    this.dataStart = dataStart;
    this.header = header;
  }

  /**
   * Opens a file and checks its header.
   *
   * @throws UserErrorException if it is not a safetensors file with a valid header
   * @throws IOException if it cannot be read
   */
  static Safetensors open(Path file) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    try {
      long size = channel.size();
      long length = size < LENGTH_BYTES ? -1 : read(channel, 0, LENGTH_BYTES).getLong();
      if (length < 2 || length > MAX_HEADER_BYTES || length > size - LENGTH_BYTES) {
        throw invalidFile(
            file,
            "a header of 2 bytes to 16 MiB within the file",
            size < LENGTH_BYTES
                ? "a file of %d bytes".formatted(size)
                : "a length of %s in a file of %d bytes"
                    .formatted(Long.toUnsignedString(length), size));
      }
      long dataStart = LENGTH_BYTES + length;
      SafetensorsHeader header =
          SafetensorsHeaderReader.read(read(channel, LENGTH_BYTES, (int) length).array());
      header.requireContiguous(size - dataStart);
      return new Safetensors(file, channel, dataStart, header);
    } catch (MalformedHeaderException e) {
      channel.close();
      throw invalidFile(file, e.expected(), e.found());
    } catch (RuntimeException | IOException e) {
      channel.close();
      throw e;
    }
  }

  private static UserErrorException invalidFile(Path file, String expected, String found) {
    return UserErrorException.of(
        expected,
        found + ", in " + file,
        "Download the file again, or use another in the safetensors format: TorchScript and"
            + " pickles (.pt, .pth, .bin) are not read.");
  }

  private static ByteBuffer read(FileChannel channel, long position, int bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, position + buffer.position()) < 0) {
        throw new EOFException("the file has become shorter while it was read");
      }
    }
    return buffer.flip();
  }

  /** {@return free text by key} */
  Map<String, String> metadata() {
    return header.metadata();
  }

  /** {@return the tensors by name, in the order of the header} */
  Map<String, TensorInfo> tensors() {
    return header.tensors();
  }

  /**
   * Reads a tensor in row-major order; half and bfloat16 numbers become float32.
   *
   * @param name of a tensor of F32, F16 or BF16
   * @throws UserErrorException if its type is not supported, it is too large, or holds a NaN or
   *     infinite number
   * @throws IOException if the file cannot be read
   */
  float[] readTensor(String name) throws IOException {
    TensorInfo tensor = Objects.requireNonNull(tensors().get(name), name);
    long bytes = tensor.end() - tensor.begin();
    if (!tensor.type().isReadable() || bytes > Integer.MAX_VALUE - LENGTH_BYTES) {
      throw invalidFile(
          file,
          "tensor '%s' in F32, F16 or BF16, below 2 GiB".formatted(name),
          "%s, %d bytes".formatted(tensor.type(), bytes));
    }
    ByteBuffer buffer = read(channel, dataStart + tensor.begin(), (int) bytes);
    float[] values = tensor.type().readFloats(buffer);
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw invalidFile(
            file,
            "finite numbers in tensor '%s'".formatted(name),
            "%s as number %d".formatted(values[i], i));
      }
    }
    return values;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
