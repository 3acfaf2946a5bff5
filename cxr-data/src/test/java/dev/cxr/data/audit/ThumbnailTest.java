package dev.cxr.data.audit;

import static dev.cxr.data.audit.AuditFixtures.mapPixels;
import static dev.cxr.data.audit.AuditFixtures.syntheticImage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.Resampler;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ThumbnailTest {

  @Test
  void ignoresBrightnessAndContrast() throws IOException {
    GrayImage dark = mapPixels(syntheticImage(0), v -> v / 3);
    Thumbnail image = Thumbnail.of(dark);
    Thumbnail bright = Thumbnail.of(mapPixels(dark, v -> 2 * v + 40));
    assertThat(image.correlation(image)).isEqualTo(1, within(1e-12));
    assertThat(image.correlation(bright)).isGreaterThan(0.999);
    assertThat(image.hashDistance(bright)).isLessThanOrEqualTo(2);
  }

  @Test
  void invertsCorrelationAndHashOfANegative() throws IOException {
    GrayImage small = Resampler.resize(syntheticImage(0), Thumbnail.SIDE, Thumbnail.SIDE);
    Thumbnail image = Thumbnail.of(small);
    Thumbnail negative = Thumbnail.of(mapPixels(small, v -> 255 - v));
    assertThat(image.correlation(negative)).isEqualTo(-1, within(1e-12));
    assertThat(image.hashDistance(negative)).isEqualTo(64);
  }

  @Test
  void computesPearsonCorrelation() {
    byte[] half = new byte[Thumbnail.SIDE * Thumbnail.SIDE];
    byte[] quarter = new byte[half.length];
    Arrays.fill(half, 0, 512, (byte) 200);
    Arrays.fill(quarter, 0, 256, (byte) 100);
    // cov = 1/4 - 1/8, variances 1/4 and 3/16
    assertThat(thumbnail(half).correlation(thumbnail(quarter)))
        .isEqualTo(0.125 / Math.sqrt(0.25 * 0.1875), within(1e-12));
  }

  @Test
  void isZeroForAConstantImage() throws IOException {
    Thumbnail flat = thumbnail(new byte[Thumbnail.SIDE * Thumbnail.SIDE]);
    assertThat(flat.correlation(flat)).isZero();
    assertThat(flat.correlation(Thumbnail.of(syntheticImage(0)))).isZero();
  }

  private static Thumbnail thumbnail(byte[] pixels) {
    return Thumbnail.of(new GrayImage(Thumbnail.SIDE, Thumbnail.SIDE, pixels));
  }
}
