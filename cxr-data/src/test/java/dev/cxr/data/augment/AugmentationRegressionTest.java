package dev.cxr.data.augment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.data.image.GrayImage;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Published results depend on these images: the same seed must give the same bits. */
class AugmentationRegressionTest {

  private static final Augmentation BINARY = upTo(7, 0.05, 0.9, 1.1, 0.1).build();
  private static final Augmentation QUICK = upTo(10, 0.05, 0.9, 1.1, 0.1).build();
  private static final Augmentation MIRRORED =
      upTo(33.3, 0.17, 0.77, 1.23, 0.31).optMirror(true).build();

  @ParameterizedTest
  @CsvSource({
    "binary,   224, 224, 218595780",
    "quick,    112, 112, 3052143650",
    "mirrored,  37,  53, 2667730809",
  })
  void reproducesPublishedBits(String name, int width, int height, long expectedCrc) {
    Augmentation augmentation =
        switch (name) {
          case "binary" -> BINARY;
          case "quick" -> QUICK;
          default -> MIRRORED;
        };
    byte[] pixels = new byte[width * height];
    new Random(7).nextBytes(pixels);
    CRC32 crc = new CRC32();
    ByteBuffer bits = ByteBuffer.allocate(pixels.length * Float.BYTES);
    for (long seed = -20; seed < 20; seed++) {
      float[] out =
          new Augmenter(augmentation)
              .apply(new GrayImage(width, height, pixels), seed * 0x9E3779B97F4A7C15L);
      bits.clear().asFloatBuffer().put(out);
      crc.update(bits.clear());
    }
    assertThat(crc.getValue()).isEqualTo(expectedCrc);
  }

  private static Augmentation.Builder upTo(
      double degrees, double shift, double smallest, double largest, double brightness) {
    return Augmentation.builder()
        .opt(AugmentationKind.ROTATION_DEGREES, -degrees, degrees)
        .opt(AugmentationKind.SHIFT, -shift, shift)
        .opt(AugmentationKind.ZOOM, smallest, largest)
        .opt(AugmentationKind.BRIGHTNESS, -brightness, brightness);
  }
}
