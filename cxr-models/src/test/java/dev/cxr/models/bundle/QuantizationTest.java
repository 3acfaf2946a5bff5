package dev.cxr.models.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantizationTest {

  @ParameterizedTest
  @CsvSource({
    "503, .98, .98, 0, true",
    "503, .98, .9791, 0, true",
    "503, .98, .9789, 0, false",
    "503, .98, .9812, 0, false",
    "503, .98, NaN, 0, false",
    "503, .98, .98, 1, false",
    "999, .98, .98, 1, false",
    "1000, .98, .98, 1, true",
    "1999, .98, .98, 2, false",
    "2000, .98, .98, 2, true"
  })
  void atMostOneDecisionInAThousandMayChange(
      int images, double float32, double int8, int changed, boolean agrees) {
    assertThat(quantization(images, float32, int8, changed).agrees()).isEqualTo(agrees);
  }

  static Quantization quantization(int images, double float32, double int8, int changed) {
    return new Quantization("0123456789ab", "by a test", 4, images, float32, int8, changed, 10, 25);
  }
}
