package dev.cxr.models.weights;

import java.util.List;

/**
 * A tensor of a safetensors file.
 *
 * @param begin offset of its first byte after the header
 * @param end offset after its last byte
 */
record TensorInfo(String name, ElementType type, List<Long> shape, long begin, long end) {

  /** Rejects a tensor whose length in bytes does not match its shape. */
  void requireMatchingLength() throws MalformedHeaderException {
    long bytes = type.byteSize();
    try {
      for (long size : shape) {
        bytes = Math.multiplyExact(bytes, size);
      }
    } catch (ArithmeticException e) {
      throw new MalformedHeaderException(
          "a shape of tensor '%s' that fits a file".formatted(name), shape.toString());
    }
    if (begin > end || end - begin != bytes) {
      throw new MalformedHeaderException(
          "%d bytes of tensor '%s', which is %s of %s".formatted(bytes, name, shape, type),
          "bytes %d to %d".formatted(begin, end));
    }
  }
}
