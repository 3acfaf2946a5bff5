package dev.cxr.eval.prediction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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

  @Test
  void uniformImagesDifferOnlyInMean() {
    // (2 · 0.25 · 0.75 + C1) / (0.25² + 0.75² + C1), and 0.5² between the pixels.
    assertThat(ImageSimilarity.ssim(grey(0.25f), grey(0.75f), 16))
        .isCloseTo(0.3751 / 0.6251, within(1e-9));
    assertThat(ImageSimilarity.meanSquaredError(grey(0.25f), grey(0.75f))).isEqualTo(0.25);
  }

  @Test
  void imageEqualsItselfAndDiffersFromAnother() {
    assertThat(ImageSimilarity.ssim(noise(1), noise(1), 16)).isCloseTo(1, within(1e-12));
    assertThat(ImageSimilarity.ssim(noise(1), noise(2), 16)).isLessThan(0.5);
    assertThat(ImageSimilarity.meanSquaredError(noise(1), noise(1))).isZero();
  }

  @Test
  void similarityOfTinyImagesOrPixelsThatAreNotNumbersIsNaN() {
    assertThat(ImageSimilarity.ssim(new float[100], new float[100], 10)).isNaN();
    float[] broken = grey(0.5f);
    broken[100] = Float.NaN;
    assertThat(ImageSimilarity.ssim(broken, grey(0.5f), 16)).isNaN();
    assertThat(ImageSimilarity.meanSquaredError(broken, grey(0.5f))).isNaN();
  }
}
