package dev.cxr.data.augment;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class AugmentationTest {

  @Test
  void refusesAnAmountOutsideItsRangeAndNamesIt() {
    assertThatThrownBy(() -> new Augmentation(181, 0, 0, 0, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("rotationDegrees")
        .hasMessageContaining("0..180")
        .hasMessageContaining("181");
    assertThatThrownBy(() -> new Augmentation(0, -0.1, 0, 0, false)).hasMessageContaining("shift");
    assertThatThrownBy(() -> new Augmentation(0, 0, 0.6, 0, false)).hasMessageContaining("zoom");
    assertThatThrownBy(() -> new Augmentation(0, 0, 0, Double.NaN, false))
        .hasMessageContaining("brightness");
  }
}
