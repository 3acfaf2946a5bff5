package dev.cxr.models.weights;

import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The header of a safetensors file.
 *
 * @param metadata free text by key
 * @param tensors by name, in the order of the header
 */
record SafetensorsHeader(Map<String, String> metadata, Map<String, TensorInfo> tensors) {

  /**
   * Rejects tensors that overlap, leave a gap or do not end with the file.
   *
   * @param dataLength the number of bytes after the header
   */
  void requireContiguous(long dataLength) throws MalformedHeaderException {
    List<TensorInfo> byOffset =
        tensors.values().stream()
            .sorted(Comparator.comparingLong(TensorInfo::begin).thenComparingLong(TensorInfo::end))
            .toList();
    long position = 0;
    for (TensorInfo tensor : byOffset) {
      if (tensor.begin() != position) {
        throw new MalformedHeaderException(
            "tensor '%s' at byte %d, where those before it end".formatted(tensor.name(), position),
            "byte " + tensor.begin());
      }
      position = tensor.end();
      if (position > dataLength) {
        throw new MalformedHeaderException(
            "tensor '%s' within the file's %d bytes of data".formatted(tensor.name(), dataLength),
            "its end at byte " + position);
      }
    }
    if (position != dataLength) {
      throw new MalformedHeaderException(
          "tensors of all %d bytes of data in the file".formatted(dataLength),
          "tensors of %d".formatted(position));
    }
  }
}
