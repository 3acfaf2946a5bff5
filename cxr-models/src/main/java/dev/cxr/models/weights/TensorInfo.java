package dev.cxr.models.weights;

import java.util.List;

/**
 * Where a tensor lies in a file.
 *
 * @param begin its first byte, counted from the end of the header
 * @param end the byte behind its last
 */
record TensorInfo(String name, ElementType type, List<Long> shape, long begin, long end) {

  /** Refuses it if its bytes are not as many as its shape takes. */
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
