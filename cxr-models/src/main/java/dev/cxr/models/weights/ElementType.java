package dev.cxr.models.weights;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

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

  static Optional<ElementType> forName(String name) {
    return Arrays.stream(values()).filter(t -> t.name().equals(name)).findFirst();
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
            case F16 -> halfToFloat(buffer.getShort());
            case BF16 -> Float.intBitsToFloat(buffer.getShort() << 16);
            default -> throw new IllegalStateException(this + " is not readable");
          };
    }
    return values;
  }

  /** IEEE 754 binary16; Java 20 and later can convert it. */
  private static float halfToFloat(short bits) {
    int sign = (bits & 0x8000) << 16;
    int exponent = bits >>> 10 & 0x1F;
    int fraction = bits & 0x3FF;
    if (exponent == 0) {
      return Math.copySign(fraction * 0x1p-24f, sign);
    }
    int wide = exponent == 0x1F ? 0xFF : exponent - 15 + 127;
    return Float.intBitsToFloat(sign | wide << 23 | fraction << 13);
  }
}
