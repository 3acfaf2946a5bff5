package dev.cxr.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class GrayImageTest {

  @Test
  void equalsComparesContent() {
    var image = new GrayImage(2, 1, new byte[] {1, 2});
    assertThat(image)
        .isEqualTo(new GrayImage(2, 1, new byte[] {1, 2}))
        .hasSameHashCodeAs(new GrayImage(2, 1, new byte[] {1, 2}))
        .isNotEqualTo(new GrayImage(2, 1, new byte[] {1, 3}))
        .isNotEqualTo(new GrayImage(1, 2, new byte[] {1, 2}));
  }

  @Test
  void rejectsWrongPixelCount() {
    assertThatThrownBy(() -> new GrayImage(3, 2, new byte[5]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("3x2")
        .hasMessageContaining("found 5");
    assertThatThrownBy(() -> new GrayImage(0, 2, new byte[0]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0x2");
  }
}
