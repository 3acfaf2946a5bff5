package dev.cxr.models.weights;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * A tensor of a safetensors file, as its header describes it.
 *
 * @param offsets of its first byte after the header, and after its last byte
 */
record TensorInfo(
    ElementType dtype, List<Long> shape, @JsonProperty("data_offsets") List<Long> offsets) {

  long begin() {
    return offsets.get(0);
  }

  long end() {
    return offsets.get(1);
  }

  /** {@return the number of bytes that its type and shape require, at most the largest long} */
  long byteCount() {
    try {
      return shape.stream().reduce((long) dtype.byteSize(), Math::multiplyExact);
    } catch (ArithmeticException e) {
      return Long.MAX_VALUE;
    }
  }
}
