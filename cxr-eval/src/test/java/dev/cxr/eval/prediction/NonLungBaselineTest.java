package dev.cxr.eval.prediction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cxr.data.image.GrayImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NonLungBaselineTest {

  private static final int SIDE = 64;

  /** Noise, with a bright patch in positive images, in the centre or the upper left corner. */
  private static GrayImage image(Random random, boolean patch, int from) {
    byte[] pixels = new byte[SIDE * SIDE];
    for (int i = 0; i < pixels.length; i++) {
      boolean inside =
          i % SIDE >= from && i % SIDE < from + 8 && i / SIDE >= from && i / SIDE < from + 8;
      pixels[i] = (byte) (random.nextInt(100) + (patch && inside ? 150 : 50));
    }
    return new GrayImage(SIDE, SIDE, pixels);
  }

  private static double accuracy(ImageRegion region, int patchFrom) {
    Random random = new Random(1);
    List<GrayImage> images = new ArrayList<>();
    boolean[] positive = new boolean[200];
    for (int i = 0; i < 200; i++) {
      positive[i] = i % 2 == 0;
      images.add(image(random, positive[i], patchFrom));
    }
    double[][] rows =
        images.stream().map(p -> NonLungBaseline.features(region, p)).toArray(double[][]::new);
    NonLungBaseline regression =
        NonLungBaseline.fit(region, Arrays.copyOf(rows, 100), Arrays.copyOf(positive, 100));
    int correct = 0;
    for (int i = 100; i < 200; i++) {
      correct += regression.predict(images.get(i)) >= 0.5 == positive[i] ? 1 : 0;
    }
    return correct / 100.0;
  }

  @Test
  void learnsFromBorderPixels() {
    assertThat(accuracy(ImageRegion.BORDER, 0)).isGreaterThan(0.95);
    assertThat(accuracy(ImageRegion.SURROUNDINGS, 0)).isGreaterThan(0.95);
  }

  @Test
  void ignoresCentralPixels() {
    assertThat(accuracy(ImageRegion.BORDER, 28)).isCloseTo(0.5, within(0.15));
    assertThat(accuracy(ImageRegion.SURROUNDINGS, 28)).isCloseTo(0.5, within(0.15));
  }

  @Test
  void singleClassIsAccepted() {
    double[][] rows = {
      NonLungBaseline.features(ImageRegion.BORDER, image(new Random(1), false, 0)),
      NonLungBaseline.features(ImageRegion.BORDER, image(new Random(2), false, 0))
    };
    NonLungBaseline regression =
        NonLungBaseline.fit(ImageRegion.BORDER, rows, new boolean[] {true, true});
    assertThat(regression.predict(image(new Random(3), false, 0))).isBetween(0.9, 1.0);
  }
}
