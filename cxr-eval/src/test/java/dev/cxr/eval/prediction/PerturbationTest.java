package dev.cxr.eval.prediction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cxr.data.image.GrayImage;
import dev.cxr.data.index.Finding;
import dev.cxr.data.index.ImageSource;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PerturbationTest {

  private static final int SIDE = 64;
  private static final GrayImage IMAGE =
      new ImageSource.SyntheticSource(Finding.VIRAL_PNEUMONIA, 3, 4, SIDE).read();

  private static float before(int x, int y) {
    return (IMAGE.pixels()[y * SIDE + x] & 0xFF) / 255f;
  }

  private static double mean(float[] pixels) {
    double sum = 0;
    for (float pixel : pixels) {
      sum += pixel;
    }
    return sum / pixels.length;
  }

  private static double meanBefore() {
    double sum = 0;
    for (byte pixel : IMAGE.pixels()) {
      sum += (pixel & 0xFF) / 255.0;
    }
    return sum / IMAGE.pixels().length;
  }

  @ParameterizedTest
  @EnumSource
  void perturbationsChangeTheImageDeterministicallyWithinRange(Perturbation perturbation)
      throws IOException {
    byte[] stored = IMAGE.pixels().clone();
    float[] perturbed = perturbation.apply(IMAGE);
    assertThat(perturbed).hasSize(SIDE * SIDE).isEqualTo(perturbation.apply(IMAGE));
    double moved = 0;
    for (int i = 0; i < perturbed.length; i++) {
      assertThat(perturbed[i]).isBetween(0f, 1f);
      moved += Math.abs(perturbed[i] - (stored[i] & 0xFF) / 255.0) / perturbed.length;
    }
    assertThat(moved).isGreaterThan(0.003);
    assertThat(IMAGE.pixels()).as("the image itself").isEqualTo(stored);
  }

  @Test
  void brightnessAndContrastChangeIntensitiesAsSpecified() throws IOException {
    assertThat(mean(Perturbation.BRIGHTER.apply(IMAGE))).isGreaterThan(meanBefore() + 0.1);
    assertThat(mean(Perturbation.DARKER.apply(IMAGE))).isLessThan(meanBefore() - 0.1);
    float[] low = Perturbation.LOW_CONTRAST.apply(IMAGE);
    assertThat(low[20 * SIDE + 30]).isCloseTo(0.5f + 0.6f * (before(30, 20) - 0.5f), within(0.01f));
  }

  @Test
  void coveredCornersAreBlackAndTheRestIsUnchanged() throws IOException {
    float[] covered = Perturbation.COVERED_CORNERS.apply(IMAGE);
    int fifth = SIDE / 5;
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        boolean corner = (x < fifth || x >= SIDE - fifth) && (y < fifth || y >= SIDE - fifth);
        assertThat(covered[y * SIDE + x]).isEqualTo(corner ? 0 : before(x, y));
      }
    }
  }

  @Test
  void lungHidingPerturbationsMaskTheOtherRegion() throws IOException {
    float gray = 128 / 255f;
    float[] border = Perturbation.BORDER_ONLY.apply(IMAGE);
    float[] surroundings = Perturbation.BLANKED_CENTRE.apply(IMAGE);
    assertThat(border[32 * SIDE + 32]).isEqualTo(gray);
    assertThat(border[32 * SIDE + 4]).as("a sixteenth of 64 is 4").isEqualTo(gray);
    assertThat(border[32 * SIDE + 3]).isEqualTo(before(3, 32));
    assertThat(surroundings[32 * SIDE + 32]).isEqualTo(gray);
    assertThat(surroundings[32 * SIDE + 8]).isEqualTo(gray);
    assertThat(surroundings[32 * SIDE + 5]).isEqualTo(before(5, 32));
    assertThat(surroundings[0]).isEqualTo(before(0, 0));
  }
}
