package dev.cxr.data.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.data.image.GrayImage;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class SyntheticXrayTest {

  @Test
  void rendersSameBytesOnEveryPlatform() {
    assertThat(crc(Finding.NORMAL, 224)).isEqualTo(0xD25278EEL);
    assertThat(crc(Finding.BACTERIAL_PNEUMONIA, 224)).isEqualTo(0xFAB15D76L);
    assertThat(crc(Finding.VIRAL_PNEUMONIA, 64)).isEqualTo(0x82CC41C4L);
    assertThat(crc(Finding.PNEUMONIA, 300)).isEqualTo(0x25B6BB03L);
  }

  @ParameterizedTest
  @ValueSource(ints = {28, 64, 224, 512})
  void scalesWithImageSide(int side) {
    GrayImage image = SyntheticXray.render(Finding.NORMAL, 3, 4, side);
    assertThat(image.width()).isEqualTo(side);
    assertThat(image.height()).isEqualTo(side);
    // The lungs are dark and the spine between them is bright, at any side.
    assertThat(gray(image, 0.3, 0.5)).isLessThan(gray(image, 0.5, 0.5) - 25);
    assertThat(gray(image, 0.72, 0.35)).isLessThan(gray(image, 0.5, 0.35) - 25);
  }

  @ParameterizedTest
  @FieldSource("dev.cxr.data.index.Finding#BUILT_IN")
  void differentSeedsRenderDifferentImages(Finding finding) {
    GrayImage image = SyntheticXray.render(finding, 1, 1, 64);
    assertThat(image).isEqualTo(SyntheticXray.render(finding, 1, 1, 64));
    assertThat(image).isNotEqualTo(SyntheticXray.render(finding, 2, 1, 64));
    assertThat(image).isNotEqualTo(SyntheticXray.render(finding, 1, 2, 64));
  }

  @Test
  void rendersUnspecifiedPneumoniaAsEitherCause() {
    int bacterial = 0;
    for (int seed = 0; seed < 100; seed++) {
      GrayImage image = SyntheticXray.render(Finding.PNEUMONIA, seed, seed, 28);
      boolean is = image.equals(SyntheticXray.render(Finding.BACTERIAL_PNEUMONIA, seed, seed, 28));
      assertThat(is || image.equals(SyntheticXray.render(Finding.VIRAL_PNEUMONIA, seed, seed, 28)))
          .isTrue();
      bacterial += is ? 1 : 0;
    }
    assertThat(bacterial).isBetween(30, 70);
  }

  @ParameterizedTest
  @ValueSource(strings = {"BACTERIAL_PNEUMONIA", "VIRAL_PNEUMONIA", "PNEUMONIA"})
  void noGlobalStatisticSeparatesFindingFromNormal(Finding finding) {
    List<GrayImage> normal = renderMany(Finding.NORMAL, 0);
    List<GrayImage> other = renderMany(finding, 10_000);
    assertThat(auroc(normal, other, SyntheticXrayTest::mean)).isBetween(0.35, 0.65);
    assertThat(auroc(normal, other, SyntheticXrayTest::deviation)).isBetween(0.35, 0.65);
    // The fine net of a viral pneumonia changes only this number, and only slightly.
    assertThat(auroc(normal, other, SyntheticXrayTest::roughness)).isBetween(0.3, 0.7);
  }

  private static List<GrayImage> renderMany(Finding finding, long seed) {
    return LongStream.range(seed, seed + 300)
        .mapToObj(i -> SyntheticXray.render(finding, i, i + 5000, 112))
        .toList();
  }

  /** The share of pairs in which the number is higher for {@code other}. */
  private static double auroc(
      List<GrayImage> normal, List<GrayImage> other, ToDoubleFunction<GrayImage> number) {
    double[] low = normal.stream().mapToDouble(number).toArray();
    return other.stream()
        .mapToDouble(number)
        .flatMap(a -> Arrays.stream(low).map(b -> a > b ? 1 : a == b ? 0.5 : 0))
        .average()
        .orElseThrow();
  }

  private static double mean(GrayImage image) {
    double sum = 0;
    for (byte pixel : image.pixels()) {
      sum += pixel & 0xFF;
    }
    return sum / image.pixels().length;
  }

  private static double deviation(GrayImage image) {
    double mean = mean(image);
    double sum = 0;
    for (byte pixel : image.pixels()) {
      sum += ((pixel & 0xFF) - mean) * ((pixel & 0xFF) - mean);
    }
    return Math.sqrt(sum / image.pixels().length);
  }

  /** Mean difference of neighbours. */
  private static double roughness(GrayImage image) {
    byte[] pixels = image.pixels();
    double sum = 0;
    for (int i = 1; i < pixels.length; i++) {
      sum += Math.abs((pixels[i] & 0xFF) - (pixels[i - 1] & 0xFF));
    }
    return sum / pixels.length;
  }

  /** Mean of a square a sixteenth of the side wide. */
  private static double gray(GrayImage image, double x, double y) {
    int half = Math.max(1, image.width() / 32);
    double sum = 0;
    int count = 0;
    for (int row = -half; row <= half; row++) {
      for (int column = -half; column <= half; column++) {
        int at = ((int) (y * image.height()) + row) * image.width();
        sum += image.pixels()[at + (int) (x * image.width()) + column] & 0xFF;
        count++;
      }
    }
    return sum / count;
  }

  private static long crc(Finding finding, int side) {
    var crc = new CRC32();
    crc.update(SyntheticXray.render(finding, 11, 22, side).pixels());
    return crc.getValue();
  }
}
