package dev.cxr.eval.metrics.reconstruction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.cxr.eval.metrics.Estimate;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ImageSimilarityTest {

  private static float[] grey(float value) {
    float[] pixels = new float[16 * 12];
    Arrays.fill(pixels, value);
    return pixels;
  }

  private static float[] noise(long seed) {
    Random random = new Random(seed);
    float[] pixels = new float[16 * 12];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = random.nextFloat();
    }
    return pixels;
  }

  private static double value(Estimate estimate) {
    return ((Estimate.Defined) estimate).value();
  }

  @Test
  void uniformImagesDifferOnlyInMean() {
    // (2 · 0.25 · 0.75 + C1) / (0.25² + 0.75² + C1), and 0.5² between the pixels.
    Estimate ssim = ImageSimilarity.ssim(grey(0.25f), grey(0.75f), 16);
    assertThat(value(ssim)).isCloseTo(0.3751 / 0.6251, within(1e-9));
    assertThat(((Estimate.Defined) ssim).n()).as("windows").isEqualTo(6 * 2);
    assertThat(value(ImageSimilarity.meanSquaredError(grey(0.25f), grey(0.75f)))).isEqualTo(0.25);
  }

  @Test
  void imageEqualsItselfAndDiffersFromAnother() {
    assertThat(value(ImageSimilarity.ssim(noise(1), noise(1), 16))).isCloseTo(1, within(1e-12));
    assertThat(value(ImageSimilarity.ssim(noise(1), noise(2), 16))).isLessThan(0.5);
    assertThat(value(ImageSimilarity.meanSquaredError(noise(1), noise(1)))).isZero();
  }

  @Test
  void undefinedAndInvalidInputsAreReported() {
    assertThat(ImageSimilarity.ssim(new float[100], new float[100], 10))
        .isEqualTo(new Estimate.Undefined("an image of 10 x 10 is smaller than a window"));
    assertThat(ImageSimilarity.meanSquaredError(new float[] {Float.NaN}, new float[] {0}))
        .isEqualTo(new Estimate.Undefined("pixel 0 is not a finite number"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ImageSimilarity.meanSquaredError(new float[2], new float[3]));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ImageSimilarity.ssim(new float[5], new float[5], 2));
  }
}
