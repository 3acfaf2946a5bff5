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

class ChangeTest {

  private static final int SIDE = 64;
  private static final GrayImage PICTURE =
      new ImageSource.SyntheticSource(Finding.VIRAL_PNEUMONIA, 3, 4, SIDE).read();

  private static float before(int x, int y) {
    return (PICTURE.pixels()[y * SIDE + x] & 0xFF) / 255f;
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
    for (byte pixel : PICTURE.pixels()) {
      sum += (pixel & 0xFF) / 255.0;
    }
    return sum / PICTURE.pixels().length;
  }

  @ParameterizedTest
  @EnumSource
  void everyChangeChangesThePictureStaysInRangeAndIsTheSameEachTime(Change change)
      throws IOException {
    byte[] stored = PICTURE.pixels().clone();
    float[] changed = change.of(PICTURE);
    assertThat(changed).hasSize(SIDE * SIDE).isEqualTo(change.of(PICTURE));
    double moved = 0;
    for (int i = 0; i < changed.length; i++) {
      assertThat(changed[i]).isBetween(0f, 1f);
      moved += Math.abs(changed[i] - (stored[i] & 0xFF) / 255.0) / changed.length;
    }
    assertThat(moved).isGreaterThan(0.003);
    assertThat(PICTURE.pixels()).as("the picture itself").isEqualTo(stored);
  }

  @Test
  void brightnessMovesTheMeanAndContrastSpreadsItFromMiddleGray() throws IOException {
    assertThat(mean(Change.BRIGHTER.of(PICTURE))).isGreaterThan(meanBefore() + 0.1);
    assertThat(mean(Change.DARKER.of(PICTURE))).isLessThan(meanBefore() - 0.1);
    float[] low = Change.LOW_CONTRAST.of(PICTURE);
    assertThat(low[20 * SIDE + 30]).isCloseTo(0.5f + 0.6f * (before(30, 20) - 0.5f), within(0.01f));
  }

  @Test
  void cornersAreBlackAndAllElseIsAsItWas() throws IOException {
    float[] covered = Change.COVERED_CORNERS.of(PICTURE);
    int fifth = SIDE / 5;
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        boolean corner = (x < fifth || x >= SIDE - fifth) && (y < fifth || y >= SIDE - fifth);
        assertThat(covered[y * SIDE + x]).isEqualTo(corner ? 0 : before(x, y));
      }
    }
  }

  @Test
  void hidingLeavesNothingOfTheOtherPart() throws IOException {
    float gray = 128 / 255f;
    float[] border = Change.BORDER_ONLY.of(PICTURE);
    float[] surroundings = Change.BLANKED_CENTRE.of(PICTURE);
    assertThat(border[32 * SIDE + 32]).isEqualTo(gray);
    assertThat(border[32 * SIDE + 4]).as("a sixteenth of 64 is 4").isEqualTo(gray);
    assertThat(border[32 * SIDE + 3]).isEqualTo(before(3, 32));
    assertThat(surroundings[32 * SIDE + 32]).isEqualTo(gray);
    assertThat(surroundings[32 * SIDE + 8]).isEqualTo(gray);
    assertThat(surroundings[32 * SIDE + 5]).isEqualTo(before(5, 32));
    assertThat(surroundings[0]).isEqualTo(before(0, 0));
  }
}
