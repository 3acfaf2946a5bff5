package dev.cxr.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class ResamplerTest {

  @Test
  void sameSizeReturnsSameImage() {
    GrayImage image = pattern(17, 23);
    assertThat(Resampler.resize(image, 17, 23)).isSameAs(image);
  }

  @Test
  void constantImageStaysConstant() {
    var white = new byte[50 * 37];
    Arrays.fill(white, (byte) 255);
    GrayImage resized = Resampler.resize(new GrayImage(50, 37, white), 21, 80);
    assertThat(resized.pixels()).hasSize(21 * 80).containsOnly(255);
  }

  @Test
  void matchesPillow() {
    // Image.frombytes("L", size, pattern).resize(size, Image.BILINEAR), Pillow 12.3.
    assertThat(crc(300, 200, 64, 64)).isEqualTo(0x8B2D42A4L);
    assertThat(crc(31, 17, 100, 90)).isEqualTo(0x412C3B06L);
    assertThat(crc(1000, 20, 37, 224)).isEqualTo(0xC053D816L);
    assertThat(crc(64, 64, 64, 9)).isEqualTo(0xBAA91645L);
  }

  @Test
  void rejectsSideBelowOne() {
    assertThatThrownBy(() -> Resampler.resize(pattern(4, 4), 0, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0x4");
  }

  private static long crc(int width, int height, int toWidth, int toHeight) {
    var crc = new CRC32();
    crc.update(Resampler.resize(pattern(width, height), toWidth, toHeight).pixels());
    return crc.getValue();
  }

  /** {@code (x * x * 7 + y * 13 + x * y) % 256}. */
  private static GrayImage pattern(int width, int height) {
    var pixels = new byte[width * height];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        pixels[y * width + x] = (byte) (x * x * 7 + y * 13 + x * y);
      }
    }
    return new GrayImage(width, height, pixels);
  }
}
