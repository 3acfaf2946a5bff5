package dev.cxr.models.weights;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.cxr.common.cli.UserErrorException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A safetensors file: 8 bytes of header length, a JSON header, little-endian data.
 *
 * <p>Opening checks the header; values are read one tensor at a time, within its bytes.
 */
final class Safetensors implements AutoCloseable {

  private static final int LENGTH_BYTES = Long.BYTES;
  private static final int MAX_HEADER_BYTES = 1 << 20;
  private static final int MAX_NAME_LENGTH = 256;
  private static final int MAX_REASON_LENGTH = 200;

  private static final JsonMapper STRICT_JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(
              DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
              DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
              DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .defaultSetterInfo(JsonSetter.Value.forContentNulls(Nulls.FAIL))
          .build();

  private final Path file;
  private final FileChannel channel;
  private final long dataStart;
  private final Map<String, TensorInfo> tensors;

  private Safetensors(
      Path file, FileChannel channel, long dataStart, Map<String, TensorInfo> tensors) {
    this.file = file;
    this.channel = channel;
    this.dataStart = dataStart;
    this.tensors = tensors;
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
            "a header of 2 bytes to 1 MiB within the file",
            size < LENGTH_BYTES
                ? "a file of %d bytes".formatted(size)
                : "a length of %s in a file of %d bytes"
                    .formatted(Long.toUnsignedString(length), size));
      }
      long dataStart = LENGTH_BYTES + length;
      byte[] header = read(channel, LENGTH_BYTES, (int) length).array();
      Map<String, TensorInfo> tensors = readHeader(file, header);
      requireContiguous(file, tensors, size - dataStart);
      return new Safetensors(file, channel, dataStart, tensors);
    } catch (RuntimeException | IOException e) {
      channel.close();
      throw e;
    }
  }

  private static Map<String, TensorInfo> readHeader(Path file, byte[] header) {
    String expected = "a header of strict JSON in UTF-8";
    Map<String, TensorInfo> tensors = new LinkedHashMap<>();
    try {
      JsonNode root = STRICT_JSON.readTree(header);
      requireObject(file, root, "header");
      for (Map.Entry<String, JsonNode> entry : root.properties()) {
        String name = requirePrintable(file, entry.getKey());
        if (!name.equals("__metadata__")) {
          requireObject(file, entry.getValue(), "tensor '" + name + "'");
          expected = "a dtype, a shape and two data_offsets of tensor '" + name + "'";
          TensorInfo tensor = STRICT_JSON.treeToValue(entry.getValue(), TensorInfo.class);
          requireMatchingOffsets(file, name, tensor);
          tensors.put(name, tensor);
        }
      }
      return tensors;
    } catch (IOException e) {
      String firstLine = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      String reason = firstLine.replaceAll("\\p{Cntrl}", "?");
      int end = Math.min(reason.length(), MAX_REASON_LENGTH);
      throw invalidFile(file, expected, reason.substring(0, end));
    }
  }

  private static void requireObject(Path file, JsonNode node, String what) {
    if (!node.isObject()) {
      throw invalidFile(file, "an object as " + what, node.getNodeType().toString());
    }
  }

  /** Names are printed in messages. */
  private static String requirePrintable(Path file, String name) {
    if (name.length() > MAX_NAME_LENGTH || name.chars().anyMatch(Character::isISOControl)) {
      throw invalidFile(
          file, "printable names of at most %d characters".formatted(MAX_NAME_LENGTH), "another");
    }
    return name;
  }

  /** Rejects a tensor whose length in bytes does not match its type and shape. */
  private static void requireMatchingOffsets(Path file, String name, TensorInfo tensor) {
    if (tensor.offsets().size() != 2
        || tensor.shape().stream().anyMatch(size -> size < 0)
        || tensor.begin() < 0
        || tensor.end() - tensor.begin() != tensor.byteCount()) {
      throw invalidFile(
          file,
          "data_offsets of tensor '%s' that differ by the %d bytes of %s of %s"
              .formatted(name, tensor.byteCount(), tensor.shape(), tensor.dtype()),
          tensor.offsets().toString());
    }
  }

  /** Rejects tensors that overlap, leave a gap or do not end with the file. */
  private static void requireContiguous(
      Path file, Map<String, TensorInfo> tensors, long dataLength) {
    List<Map.Entry<String, TensorInfo>> byOffset = new ArrayList<>(tensors.entrySet());
    byOffset.sort(
        Map.Entry.comparingByValue(
            Comparator.comparingLong(TensorInfo::begin).thenComparingLong(TensorInfo::end)));
    long position = 0;
    for (Map.Entry<String, TensorInfo> entry : byOffset) {
      if (entry.getValue().begin() != position) {
        throw invalidFile(
            file,
            "tensor '%s' at byte %d, where those before it end".formatted(entry.getKey(), position),
            "byte " + entry.getValue().begin());
      }
      position = entry.getValue().end();
    }
    if (position != dataLength) {
      throw invalidFile(
          file,
          "tensors of all %d bytes of data in the file".formatted(dataLength),
          "tensors of %d".formatted(position));
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

  /** {@return the tensors by name, in the order of the header} */
  Map<String, TensorInfo> tensors() {
    return tensors;
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
    TensorInfo tensor = Objects.requireNonNull(tensors.get(name), name);
    long bytes = tensor.byteCount();
    if (!tensor.dtype().isReadable() || bytes > Integer.MAX_VALUE - LENGTH_BYTES) {
      throw invalidFile(
          file,
          "tensor '%s' in F32, F16 or BF16, below 2 GiB".formatted(name),
          "%s, %d bytes".formatted(tensor.dtype(), bytes));
    }
    ByteBuffer buffer = read(channel, dataStart + tensor.begin(), (int) bytes);
    float[] values = tensor.dtype().readFloats(buffer);
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
