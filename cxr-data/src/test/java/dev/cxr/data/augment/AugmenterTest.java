package dev.cxr.data.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cxr.data.augment.Augmentation.EdgeMode;
import dev.cxr.data.image.GrayImage;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AugmenterTest {
  private static final Augmentation ALL = Augmentation.ALL_KINDS;

  @Test
  void scalesPixelsWithoutAugmentation() {
    byte[] pixels = everyGray();
    float[] out = apply(Augmentation.NONE, pixels, 16, 16, 42);
    for (int i = 0; i < 256; i++) {
      assertThat(out[i]).isEqualTo((pixels[i] & 0xFF) / 255f);
    }
  }

  @Test
  void isDeterministicAcrossThreads() {
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
              float[] out = augmenter.apply(new GrayImage(32, 24, pixels), seed);
              assertThat(out).containsExactly(inOrder[seed]);
            });
  }

  @Test
  void differsBySeed() {
    byte[] pixels = noise(32 * 24);
    var seen = new HashSet<Integer>();
    for (int seed = 0; seed < 64; seed++) {
      seen.add(Arrays.hashCode(apply(ALL, pixels, 32, 24, seed)));
    }
    assertThat(seen).hasSize(64);
  }

  @Test
  void flipsHalfOfTheImages() {
    var mirror = Augmentation.builder().optMirror(true).build();
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
  void clampsBrightness() {
    var brightness = Augmentation.builder().opt(AugmentationKind.BRIGHTNESS, -0.2, 0.2).build();
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
  void shiftsUpToTheFraction() {
    var shift = Augmentation.builder().opt(AugmentationKind.SHIFT, -0.25, 0.25).build();
    double[] spread = maxCentreOfMassShift(shift);
    assertThat(spread[0]).isBetween(9.0, 10.1); // a quarter of 40
    assertThat(spread[1]).isBetween(9.0, 10.1);
  }

  @Test
  void rotatesAboutTheCentre() {
    // A point 10 to the right of the centre: at 30 degrees it goes 5 up or down.
    var rotation = Augmentation.builder().opt(AugmentationKind.ROTATION_DEGREES, -30, 30).build();
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
  void zoomsAboutTheCentre() {
    var zoom = Augmentation.builder().opt(AugmentationKind.ZOOM, 0.8, 1.2).build();
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
  void repeatsTheEdge() {
    // With any other fill a constant image would change.
    var gray = new byte[32 * 32];
    Arrays.fill(gray, (byte) 200);
    for (int seed = 0; seed < 100; seed++) {
      for (float value : apply(strongAffine(EdgeMode.REPEAT), gray, 32, 32, seed)) {
        assertThat(value).isEqualTo(200 / 255f);
      }
    }
  }

  @Test
  void fillsOutsideWithBlack() {
    var white = new byte[32 * 20];
    Arrays.fill(white, (byte) 255);
    int black = 0;
    for (int seed = 0; seed < 100; seed++) {
      float[] out = apply(strongAffine(EdgeMode.BLACK), white, 32, 20, seed);
      boolean[] inside = new boolean[out.length];
      for (int i = 0; i < out.length; i++) {
        assertThat(out[i]).isIn(0f, 1f);
        inside[i] = out[i] == 1f;
        black += inside[i] ? 0 : 1;
      }
      // Inside, the two are the same.
      byte[] noise = noise(32 * 20);
      float[] repeated = apply(strongAffine(EdgeMode.REPEAT), noise, 32, 20, seed);
      float[] cut = apply(strongAffine(EdgeMode.BLACK), noise, 32, 20, seed);
      for (int i = 0; i < out.length; i++) {
        assertThat(cut[i]).isEqualTo(inside[i] ? repeated[i] : 0f);
      }
    }
    assertThat(black).isGreaterThan(100 * 32 * 20 / 4);
  }

  @ParameterizedTest
  @CsvSource({"0.4, 0, 0", "0.6, 1, 0", "-0.4, 0, 0", "-0.6, 0, 1", "2.4, 2, 0", "-2.6, 0, 3"})
  void fillsPixelsThatLieMostlyOutside(double pixels, int before, int after) {
    var white = new byte[16 * 16];
    Arrays.fill(white, (byte) 255);
    double shift = pixels / 16;
    float[] out =
        apply(
            Augmentation.builder()
                .opt(AugmentationKind.SHIFT, shift, shift)
                .optEdge(EdgeMode.BLACK)
                .build(),
            white,
            16,
            16,
            1);
    for (int i = 0; i < out.length; i++) {
      int column = i % 16;
      int row = i / 16;
      boolean inside = Math.min(column, row) >= before && Math.max(column, row) < 16 - after;
      assertThat(out[i]).isEqualTo(inside ? 1f : 0f);
    }
  }

  @Test
  void adjustsTheFillLikeStoredBlack() {
    var change =
        Augmentation.builder()
            .opt(AugmentationKind.SHIFT, 0.5, 0.5)
            .optEdge(EdgeMode.BLACK)
            .opt(AugmentationKind.CONTRAST, 0.5, 0.5)
            .opt(AugmentationKind.BRIGHTNESS, 0.1, 0.1)
            .build();
    float[] out = apply(change, new byte[16 * 16], 16, 16, 1);
    assertThat(out).containsOnly(out[0]);
    assertThat(out[0]).isCloseTo(0.35f, within(1e-6f));
  }

  @Test
  void changesAspectAtConstantArea() {
    var aspect = Augmentation.builder().opt(AugmentationKind.ASPECT, 1.44, 1.44).build();
    double[] right = centreOfMass(apply(aspect, dot(41, 30, 20), 41, 41, 1), 41);
    double[] below = centreOfMass(apply(aspect, dot(41, 20, 30), 41, 41, 1), 41);
    assertThat(right[0] - 20).isCloseTo(12, within(0.3));
    assertThat(below[1] - 20).isCloseTo(10 / 1.2, within(0.3));
  }

  @Test
  void shearsHorizontally() {
    var shear =
        Augmentation.builder()
            .opt(AugmentationKind.SHEAR_DEGREES, 26.565, 26.565)
            .build(); // a slope of 1/2
    double[] above = centreOfMass(apply(shear, dot(41, 20, 10), 41, 41, 1), 41);
    double[] right = centreOfMass(apply(shear, dot(41, 30, 20), 41, 41, 1), 41);
    assertThat(above[0] - 20).isCloseTo(5, within(0.3));
    assertThat(above[1] - 20).isCloseTo(-10, within(0.3));
    assertThat(right[0] - 20).isCloseTo(10, within(0.3));
    assertThat(right[1] - 20).isCloseTo(0, within(0.3));
  }

  @Test
  void rotatesBy90DegreesExactly() {
    byte[] pixels = noise(9 * 9);
    float[] plain = apply(Augmentation.NONE, pixels, 9, 9, 0);
    float[] turned =
        apply(
            Augmentation.builder().opt(AugmentationKind.ROTATION_DEGREES, 90, 90).build(),
            pixels,
            9,
            9,
            0);
    for (int y = 0; y < 9; y++) {
      for (int x = 0; x < 9; x++) { // what was on top is on the right: clockwise
        assertThat(turned[x * 9 + 8 - y]).isCloseTo(plain[y * 9 + x], within(1e-6f));
      }
    }
  }

  @Test
  void appliesGamma() {
    float[] out =
        apply(
            Augmentation.builder().opt(AugmentationKind.GAMMA, 2, 2).build(),
            everyGray(),
            16,
            16,
            1);
    for (int i = 0; i < 256; i++) {
      assertThat(out[i]).isCloseTo((float) Math.pow(i / 255.0, 2), within(1e-6f));
    }
  }

  @Test
  void samplesGammaLogUniformly() {
    var augmenter =
        new Augmenter(Augmentation.builder().opt(AugmentationKind.GAMMA, 0.5, 2).build());
    int darker = 0;
    for (int seed = 0; seed < 1000; seed++) {
      double gamma = augmenter.sampleParams(seed).gamma();
      assertThat(gamma).isBetween(0.5 - 1e-9, 2 + 1e-9);
      darker += gamma > 1 ? 1 : 0;
    }
    assertThat(darker).isBetween(430, 570); // evenly between 0.5 and 2 it would be 667
  }

  @Test
  void appliesContrastAboutMiddleGray() {
    float[] out =
        apply(
            Augmentation.builder().opt(AugmentationKind.CONTRAST, 1.5, 1.5).build(),
            everyGray(),
            16,
            16,
            1);
    for (int i = 0; i < 256; i++) {
      double expected = Math.max(0, Math.min(1, 0.5 + 1.5 * (i / 255.0 - 0.5)));
      assertThat(out[i]).isCloseTo((float) expected, within(1e-6f));
    }
  }

  @Test
  void blursWithA3x3Mean() {
    byte[] pixels = noise(7 * 5);
    float[] plain = apply(Augmentation.NONE, pixels, 7, 5, 0);
    for (double mix : new double[] {1, 0.5, -0.5}) {
      float[] out =
          apply(
              Augmentation.builder().opt(AugmentationKind.BLUR, mix, mix).build(), pixels, 7, 5, 0);
      for (int y = 0; y < 5; y++) {
        for (int x = 0; x < 7; x++) {
          double sum = 0;
          for (int dy = -1; dy <= 1; dy++) {
            for (int dx = -1; dx <= 1; dx++) {
              int row = Math.max(0, Math.min(4, y + dy));
              sum += plain[row * 7 + Math.max(0, Math.min(6, x + dx))];
            }
          }
          double expected = plain[y * 7 + x] + mix * (sum / 9 - plain[y * 7 + x]);
          assertThat((double) out[y * 7 + x])
              .isCloseTo(Math.max(0, Math.min(1, expected)), within(1e-6));
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 5", "5, 1", "2, 2"})
  void augmentsTinyImages(int width, int height) {
    for (int seed = 0; seed < 50; seed++) {
      for (float value : apply(ALL, noise(width * height), width, height, seed)) {
        assertThat(value).isBetween(0f, 1f);
      }
    }
  }

  @Test
  void addsIndependentGaussianNoise() {
    var gray = new byte[200 * 200];
    Arrays.fill(gray, (byte) 128);
    float[] out =
        apply(
            Augmentation.builder().opt(AugmentationKind.NOISE, 0.05, 0.05).build(),
            gray,
            200,
            200,
            3);
    double sum = 0;
    double squares = 0;
    double neighbours = 0;
    int withinOne = 0;
    for (int i = 0; i < out.length; i++) {
      double d = (out[i] - 128 / 255.0) / 0.05;
      sum += d;
      squares += d * d;
      withinOne += Math.abs(d) < 1 ? 1 : 0;
      neighbours += i > 0 ? d * (out[i - 1] - 128 / 255.0) / 0.05 : 0;
    }
    // Standard errors: 0.005, 0.007, 0.0023 and 0.005.
    assertThat(sum / out.length).isCloseTo(0, within(0.02));
    assertThat(squares / out.length).isCloseTo(1, within(0.03));
    assertThat((double) withinOne / out.length).isCloseTo(0.683, within(0.012));
    assertThat(neighbours / out.length).isCloseTo(0, within(0.02));
  }

  @Test
  void samplesTheNoiseLevelPerImage() {
    var augmenter =
        new Augmenter(Augmentation.builder().opt(AugmentationKind.NOISE, 0.01, 0.04).build());
    double[] drawn =
        IntStream.range(0, 500).mapToDouble(s -> augmenter.sampleParams(s).noise()).toArray();
    assertThat(Arrays.stream(drawn).min().orElseThrow()).isBetween(0.01, 0.011);
    assertThat(Arrays.stream(drawn).max().orElseThrow()).isBetween(0.039, 0.04);
  }

  @Test
  void erasesOneRectangleInHalfOfTheImages() {
    var erase = Augmentation.builder().opt(AugmentationKind.ERASE, 0.1, 0.3).build();
    var black = new byte[60 * 40];
    int spared = 0;
    for (int seed = 0; seed < 500; seed++) {
      float[] out = apply(erase, black, 60, 40, seed);
      int left = 60;
      int right = -1;
      int top = 40;
      int bottom = -1;
      int changed = 0;
      for (int i = 0; i < out.length; i++) {
        if (out[i] > 0) {
          int row = i / 60;
          left = Math.min(left, i % 60);
          right = Math.max(right, i % 60);
          top = Math.min(top, row);
          bottom = Math.max(bottom, row);
          changed++;
        }
      }
      if (changed == 0) {
        spared++;
        continue;
      }
      int area = (right - left + 1) * (bottom - top + 1);
      assertThat(changed).isBetween(area - 2, area); // a random gray may be black
      assertThat(area / (60.0 * 40)).isBetween(0.09, 0.32);
      double flat = (bottom - top + 1) / 40.0 / ((right - left + 1) / 60.0);
      assertThat(flat).isBetween(0.26, 3.8);
    }
    assertThat(spared).isBetween(200, 300);
  }

  @Test
  void keepsOtherParametersIfOneIsFixed() {
    Augmentation all = Augmentation.ALL_KINDS;
    var without =
        new Augmentation(
            all.rotationDegrees(),
            all.shearDegrees(),
            new Range(1, 1),
            all.aspect(),
            all.shift(),
            false,
            all.edge(),
            all.gamma(),
            all.contrast(),
            new Range(0, 0),
            new Range(0, 0),
            all.noise(),
            all.erase());
    for (int seed = 0; seed < 20; seed++) {
      AugmentationParams full = new Augmenter(all).sampleParams(seed);
      AugmentationParams less = new Augmenter(without).sampleParams(seed);
      assertThat(less)
          .isEqualTo(
              new AugmentationParams(
                  full.rotationDegrees(),
                  full.shearDegrees(),
                  1,
                  full.aspect(),
                  full.shiftX(),
                  full.shiftY(),
                  false,
                  full.gamma(),
                  full.contrast(),
                  0,
                  0,
                  full.noise(),
                  full.erasedArea(),
                  full.noiseSeed(),
                  full.eraseSeed()));
    }
  }

  private static float[] apply(Augmentation what, byte[] pixels, int width, int height, long seed) {
    return new Augmenter(what).apply(new GrayImage(width, height, pixels), seed);
  }

  private static Augmentation strongAffine(EdgeMode edge) {
    return Augmentation.builder()
        .opt(AugmentationKind.ROTATION_DEGREES, -45, 45)
        .opt(AugmentationKind.SHIFT, -0.5, 0.5)
        .opt(AugmentationKind.ZOOM, 0.5, 1.5)
        .optMirror(true)
        .optEdge(edge)
        .build();
  }

  private static byte[] dot(int side, int x, int y) {
    var pixels = new byte[side * side];
    pixels[y * side + x] = (byte) 255;
    return pixels;
  }

  /** How far the centre of a dot moves over many seeds, along each side. */
  private static double[] maxCentreOfMassShift(Augmentation what) {
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

  private static double[] centreOfMass(float[] image, int width) {
    double x = 0;
    double y = 0;
    double mass = 0;
    for (int i = 0; i < image.length; i++) {
      x += image[i] * (i % width);
      int row = i / width;
      y += image[i] * row;
      mass += image[i];
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
