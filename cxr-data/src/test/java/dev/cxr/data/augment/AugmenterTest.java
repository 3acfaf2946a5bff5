package dev.cxr.data.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AugmenterTest {
  private static final Augmentation ALL = new Augmentation(10, 0.1, 0.15, 0.2, true);

  @Test
  void withNothingToDoTheOutputIsExactlyThePixelBy255() {
    byte[] pixels = everyGray();
    float[] out = apply(Augmentation.NONE, pixels, 16, 16, 42);
    for (int i = 0; i < 256; i++) {
      assertThat(out[i]).isEqualTo((pixels[i] & 0xFF) / 255f);
    }
  }

  @Test
  void readsAndWritesAtTheOffsetsAndNowhereElse() {
    ByteBuffer source = ByteBuffer.allocateDirect(300);
    source.put(44, everyGray());
    var out = new float[260];
    Arrays.fill(out, -1);
    new Augmenter(Augmentation.NONE).apply(source, 44, 16, 16, 1, out, 3);
    assertThat(out[2]).isEqualTo(-1);
    assertThat(out[3]).isZero();
    assertThat(out[258]).isEqualTo(1);
    assertThat(out[259]).isEqualTo(-1);
    assertThat(source.position()).isZero();
  }

  @Test
  void theSameSeedGivesTheSamePictureOnAnyThreadInAnyOrder() {
    byte[] pixels = noise(32 * 24);
    float[][] inOrder = new float[64][];
    for (int seed = 0; seed < 64; seed++) {
      inOrder[seed] = apply(ALL, pixels, 32, 24, seed);
    }
    var augmenter = new Augmenter(ALL);
    IntStream.range(0, 64)
        .parallel()
        .map(i -> 63 - i)
        .forEach(
            seed -> {
              var out = new float[pixels.length];
              augmenter.apply(ByteBuffer.wrap(pixels), 0, 32, 24, seed, out, 0);
              assertThat(out).containsExactly(inOrder[seed]);
            });
  }

  @Test
  void anotherSeedGivesAnotherPicture() {
    byte[] pixels = noise(32 * 24);
    var seen = new HashSet<Integer>();
    for (int seed = 0; seed < 64; seed++) {
      seen.add(Arrays.hashCode(apply(ALL, pixels, 32, 24, seed)));
    }
    assertThat(seen).hasSize(64);
  }

  @Test
  void mirrorsHalfOfThePicturesExactly() {
    var mirror = new Augmentation(0, 0, 0, 0, true);
    byte[] pixels = noise(20 * 10);
    float[] plain = apply(Augmentation.NONE, pixels, 20, 10, 0);
    var flipped = new float[plain.length];
    for (int i = 0; i < plain.length; i++) {
      flipped[i] = plain[i - i % 20 + 19 - i % 20];
    }
    int flips = 0;
    for (int seed = 0; seed < 1000; seed++) {
      float[] out = apply(mirror, pixels, 20, 10, seed);
      boolean flip = Arrays.equals(out, flipped);
      assertThat(flip || Arrays.equals(out, plain)).isTrue();
      flips += flip ? 1 : 0;
    }
    assertThat(flips).isBetween(430, 570); // four standard deviations and more
  }

  @Test
  void brightnessAddsWithinItsRangeAndStaysInZeroToOne() {
    var brightness = new Augmentation(0, 0, 0, 0.2, false);
    var gray = new byte[4];
    Arrays.fill(gray, (byte) 51);
    float least = 1;
    float most = 0;
    for (int seed = 0; seed < 1000; seed++) {
      float value = apply(brightness, gray, 2, 2, seed)[0];
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    assertThat(least).isBetween(0f, 0.01f);
    assertThat(most).isBetween(0.39f, 0.4f);
    var white = new byte[] {-1};
    for (int seed = 0; seed < 100; seed++) {
      assertThat(apply(brightness, white, 1, 1, seed)[0]).isBetween(0.8f, 1f);
    }
  }

  @Test
  void shiftMovesAPointUpToItsFractionOfTheSide() {
    var shift = new Augmentation(0, 0.25, 0, 0, false);
    double[] spread = centreOfMassSpread(shift);
    assertThat(spread[0]).isBetween(9.0, 10.1); // a quarter of 40
    assertThat(spread[1]).isBetween(9.0, 10.1);
  }

  @Test
  void rotationTurnsAboutTheCentreByUpToItsDegrees() {
    // A point 10 to the right of the centre: at 30 degrees it goes 5 up or down.
    var rotation = new Augmentation(30, 0, 0, 0, false);
    var pixels = new byte[41 * 41];
    pixels[20 * 41 + 30] = (byte) 255;
    double highest = 0;
    for (int seed = 0; seed < 400; seed++) {
      double[] at = centreOfMass(apply(rotation, pixels, 41, 41, seed), 41);
      assertThat(Math.hypot(at[0] - 20, at[1] - 20)).isCloseTo(10, within(0.5));
      highest = Math.max(highest, Math.abs(at[1] - 20));
    }
    assertThat(highest).isBetween(4.6, 5.4);
  }

  @Test
  void zoomMagnifiesAboutTheCentreByUpToItsFraction() {
    var zoom = new Augmentation(0, 0, 0.2, 0, false);
    var pixels = new byte[41 * 41];
    pixels[20 * 41 + 30] = (byte) 255;
    double least = 99;
    double most = 0;
    for (int seed = 0; seed < 400; seed++) {
      double[] at = centreOfMass(apply(zoom, pixels, 41, 41, seed), 41);
      assertThat(at[1]).isCloseTo(20, within(1e-3));
      least = Math.min(least, at[0] - 20);
      most = Math.max(most, at[0] - 20);
    }
    assertThat(least).isBetween(7.6, 8.4);
    assertThat(most).isBetween(11.6, 12.4);
  }

  @Test
  void whatLiesOutsideRepeatsTheEdge() {
    // Were anything else read there, a constant picture would not stay constant.
    var gray = new byte[32 * 32];
    Arrays.fill(gray, (byte) 200);
    for (int seed = 0; seed < 100; seed++) {
      for (float value : apply(new Augmentation(45, 0.5, 0.5, 0, true), gray, 32, 32, seed)) {
        assertThat(value).isEqualTo(200 / 255f);
      }
    }
  }

  @Test
  void refusesASourceThatEndsBeforeThePicture() {
    var augmenter = new Augmenter(Augmentation.NONE);
    assertThatThrownBy(() -> augmenter.apply(ByteBuffer.allocate(15), 0, 4, 4, 1, new float[16], 0))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  private static float[] apply(Augmentation what, byte[] pixels, int width, int height, long seed) {
    var out = new float[width * height];
    new Augmenter(what).apply(ByteBuffer.wrap(pixels), 0, width, height, seed, out, 0);
    return out;
  }

  /** How far the centre of a dot moves over many seeds, along each side. */
  private static double[] centreOfMassSpread(Augmentation what) {
    var pixels = new byte[40 * 40];
    pixels[20 * 40 + 20] = (byte) 255;
    var most = new double[2];
    for (int seed = 0; seed < 400; seed++) {
      double[] at = centreOfMass(apply(what, pixels, 40, 40, seed), 40);
      most[0] = Math.max(most[0], Math.abs(at[0] - 20));
      most[1] = Math.max(most[1], Math.abs(at[1] - 20));
    }
    return most;
  }

  private static double[] centreOfMass(float[] picture, int width) {
    double x = 0;
    double y = 0;
    double mass = 0;
    for (int i = 0; i < picture.length; i++) {
      x += picture[i] * (i % width);
      int row = i / width;
      y += picture[i] * row;
      mass += picture[i];
    }
    return new double[] {x / mass, y / mass};
  }

  private static byte[] everyGray() {
    var pixels = new byte[256];
    for (int i = 0; i < 256; i++) {
      pixels[i] = (byte) i;
    }
    return pixels;
  }

  private static byte[] noise(int size) {
    var pixels = new byte[size];
    new Random(7).nextBytes(pixels);
    return pixels;
  }
}
