package dev.cxr.data.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class AugmentationTest {

  @ParameterizedTest
  @MethodSource("outOfRangeValues")
  void rejectsOutOfRangeValues(String message, UnaryOperator<Augmentation.Builder> change) {
    Augmentation.Builder builder = change.apply(Augmentation.builder());
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  static Stream<Arguments> outOfRangeValues() {
    return Stream.of(
        outOfRange(
            "rotation-degrees: within -180.0..180.0, not 0.0..181.0",
            b -> b.opt(AugmentationKind.ROTATION_DEGREES, 0, 181)),
        outOfRange(
            "shear-degrees: within -45.0..45.0, not -46.0..0.0",
            b -> b.opt(AugmentationKind.SHEAR_DEGREES, -46, 0)),
        outOfRange(
            "zoom: within 0.5..2.0, not 0.4..1.0", b -> b.opt(AugmentationKind.ZOOM, 0.4, 1)),
        outOfRange(
            "aspect: within 0.5..2.0, not 1.0..2.1", b -> b.opt(AugmentationKind.ASPECT, 1, 2.1)),
        outOfRange(
            "shift: within -0.5..0.5, not -0.6..0.0", b -> b.opt(AugmentationKind.SHIFT, -0.6, 0)),
        outOfRange(
            "gamma: within 0.2..5.0, not 0.1..1.0", b -> b.opt(AugmentationKind.GAMMA, 0.1, 1)),
        outOfRange(
            "contrast: within 0.0..3.0, not -1.0..1.0",
            b -> b.opt(AugmentationKind.CONTRAST, -1, 1)),
        outOfRange(
            "brightness: within -1.0..1.0, not 0.0..2.0",
            b -> b.opt(AugmentationKind.BRIGHTNESS, 0, 2)),
        outOfRange(
            "blur: within -1.0..1.0, not 0.0..1.5", b -> b.opt(AugmentationKind.BLUR, 0, 1.5)),
        outOfRange(
            "noise: within 0.0..0.5, not -0.1..0.1", b -> b.opt(AugmentationKind.NOISE, -0.1, 0.1)),
        outOfRange(
            "erase: within 0.0..0.5, not 0.0..0.6", b -> b.opt(AugmentationKind.ERASE, 0, 0.6)));
  }

  private static Arguments outOfRange(String message, UnaryOperator<Augmentation.Builder> change) {
    return Arguments.of(message, change);
  }

  @ParameterizedTest
  @CsvSource({"1, 0", "NaN, 1", "0, NaN", "-Infinity, 0", "0, Infinity"})
  void rejectsInvalidRanges(double from, double to) {
    assertThatThrownBy(() -> new Range(from, to))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(from + ".." + to);
  }

  @Test
  void defaultsToNoAugmentation() {
    assertThat(Augmentation.builder().build()).isEqualTo(Augmentation.NONE);
    assertThat(Augmentation.builder().opt(AugmentationKind.ZOOM, 1, 2).build().shift())
        .isEqualTo(new Range(0, 0));
  }
}
