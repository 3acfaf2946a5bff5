package dev.cxr.models.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class ElementTypeTest {

  /** IEEE 754-2008, 3.4: sign, 5 bits of exponent biased by 15, 10 bits of fraction. */
  @Test
  void readsEveryFloat16() {
    float[] read = ElementType.F16.readFloats(allSixteenBitValues());
    for (int bits = 0; bits < 1 << 16; bits++) {
      int exponent = bits >> 10 & 31;
      int fraction = bits & 1023;
      double magnitude =
          exponent == 31
              ? (fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN)
              : exponent == 0
                  ? fraction / 1024.0 * Math.pow(2, -14)
                  : (1 + fraction / 1024.0) * Math.pow(2, exponent - 15);
      float expected = (float) (bits >> 15 == 1 ? -magnitude : magnitude);
      assertThat(Float.compare(read[bits], expected)).as("bits %x", bits).isZero();
    }
  }

  @Test
  void readsEveryBfloat16() {
    float[] read = ElementType.BF16.readFloats(allSixteenBitValues());
    for (int bits = 0; bits < 1 << 16; bits++) {
      float expected = Float.intBitsToFloat(bits << 16);
      assertThat(Float.compare(read[bits], expected)).as("bits %x", bits).isZero();
    }
  }

  @Test
  void readsFloat32LittleEndian() {
    ByteBuffer buffer = ByteBuffer.wrap(new byte[] {0, 0, (byte) 0x80, 0x3F, 0, 0, 0, (byte) 0xC0});
    assertThat(ElementType.F32.readFloats(buffer.order(ByteOrder.LITTLE_ENDIAN)))
        .containsExactly(1, -2);
  }

  private static ByteBuffer allSixteenBitValues() {
    ByteBuffer buffer = ByteBuffer.allocate(1 << 17).order(ByteOrder.LITTLE_ENDIAN);
    for (int bits = 0; bits < 1 << 16; bits++) {
      buffer.putShort((short) bits);
    }
    return buffer.flip();
  }
}
