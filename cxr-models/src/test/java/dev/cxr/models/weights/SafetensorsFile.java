package dev.cxr.models.weights;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes safetensors files, sound ones and others. */
final class SafetensorsFile {

  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  @SuppressWarnings("ArrayRecordComponent") // written, never compared
  private record Tensor(String type, long[] shape, byte[] data) {}

  SafetensorsFile put(String name, String type, byte[] data, long... shape) {
    tensors.put(name, new Tensor(type, shape, data));
    return this;
  }

  SafetensorsFile put(String name, float[] values, long... shape) {
    ByteBuffer data =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    data.asFloatBuffer().put(values);
    return put(name, "F32", data.array(), shape);
  }

  SafetensorsFile remove(String name) {
    tensors.remove(name);
    return this;
  }

  Path write(Path file) throws IOException {
    JsonObject header = new JsonObject();
    JsonObject metadata = new JsonObject();
    metadata.addProperty("format", "pt");
    header.add("__metadata__", metadata);
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    tensors.forEach(
        (name, tensor) -> {
          JsonObject entry = new JsonObject();
          entry.addProperty("dtype", tensor.type());
          JsonArray shape = new JsonArray();
          for (long size : tensor.shape()) {
            shape.add(size);
          }
          entry.add("shape", shape);
          JsonArray offsets = new JsonArray();
          offsets.add(data.size());
          data.writeBytes(tensor.data());
          offsets.add(data.size());
          entry.add("data_offsets", offsets);
          header.add(name, entry);
        });
    return write(file, header.toString(), data.toByteArray());
  }

  static Path write(Path file, String header, byte[] data) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return write(file, json.length, json, data);
  }

  static Path write(Path file, long length, byte[] json, byte[] data) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(Long.BYTES + json.length + data.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(length)
            .put(json)
            .put(data);
    return Files.write(file, bytes.array());
  }
}
