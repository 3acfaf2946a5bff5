package dev.cxr.models.weights;

import ai.djl.util.Float16Utils;
import java.nio.ByteBuffer;

/** The element types of the safetensors format of eight bits or more. */
enum ElementType {
  F32(4),
  F16(2),
  BF16(2),
  F64(8),
  F8_E4M3(1),
  F8_E5M2(1),
  I64(8),
  I32(4),
  I16(2),
  I8(1),
  U64(8),
  U32(4),
  U16(2),
  U8(1),
  BOOL(1);

  private final int byteSize;

  ElementType(int bytes) {
    this.byteSize = bytes;
  }

  int byteSize() {
    return byteSize;
  }

  /** {@return whether {@link #readFloats} supports it} */
  boolean isReadable() {
    return this == F32 || this == F16 || this == BF16;
  }

  /** {@return the exact values of the rest of a little-endian buffer} */
  float[] readFloats(ByteBuffer buffer) {
    float[] values = new float[buffer.remaining() / byteSize];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (this) {
            case F32 -> buffer.getFloat();
            case F16 -> Float16Utils.halfToFloat(buffer.getShort());
            case BF16 -> Float.intBitsToFloat(buffer.getShort() << 16);
            default -> throw new IllegalStateException(this + " is not readable");
          };
    }
    return values;
  }
}
