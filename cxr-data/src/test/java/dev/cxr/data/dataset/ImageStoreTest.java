package dev.cxr.data.dataset;

import static dev.cxr.data.index.Finding.BACTERIAL_PNEUMONIA;
import static dev.cxr.data.index.Finding.NORMAL;
import static dev.cxr.data.index.Finding.PNEUMONIA;
import static dev.cxr.data.index.Finding.VIRAL_PNEUMONIA;
import static dev.cxr.data.index.Split.TEST;
import static dev.cxr.data.index.Split.TRAIN;
import static dev.cxr.data.index.Split.VALIDATION;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.data.augment.Augmentation;
import dev.cxr.data.augment.Augmenter;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.PngEncoder;
import dev.cxr.data.image.Resampler;
import dev.cxr.data.index.Finding;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.Xray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageStoreTest {

  @TempDir private Path folder;
  private Set<Path> before = Set.of();

  @BeforeEach
  void listCacheFiles() throws IOException {
    before = NoiseImages.cacheFiles();
  }

  @AfterEach
  void deleteCacheFiles() throws IOException {
    NoiseImages.removeCacheFilesSince(before);
  }

  @Test
  void keepsFirstOfExactDuplicatesAcrossTrainAndValidation() throws IOException {
    ImageStore pixels =
        open(
            xray("a", 1, NORMAL, TRAIN),
            xray("b", 2, NORMAL, TRAIN),
            xray("c", 2, NORMAL, TRAIN),
            xray("d", 1, NORMAL, VALIDATION),
            xray("e", 3, NORMAL, VALIDATION),
            xray("f", 3, NORMAL, VALIDATION));
    assertThat(pixels.index().xrays()).extracting(Xray::id).containsExactly("a", "b", "e");
    assertThat(pixels.index().notices())
        .containsExactly("Exact duplicates excluded from the training images: 3.");
    // Each remaining X-ray keeps its own pixels.
    assertThat(pixels.augmentedPixels(2, new Augmenter(Augmentation.NONE), 0))
        .containsExactly(floats(3));
  }

  @Test
  void excludesDuplicatesWithContradictoryFindings() throws IOException {
    ImageStore pixels =
        open(
            xray("a", 1, NORMAL, TRAIN),
            xray("b", 2, BACTERIAL_PNEUMONIA, TRAIN),
            xray("c", 1, VIRAL_PNEUMONIA, VALIDATION),
            xray("d", 2, PNEUMONIA, TRAIN),
            xray("e", 3, NORMAL, TRAIN));
    assertThat(pixels.index().xrays()).extracting(Xray::id).containsExactly("b", "e");
    assertThat(pixels.index().notices())
        .containsExactly(
            "Exact duplicates excluded from the training images: 1.",
            "Training images excluded because identical ones have another finding: 2; see 'audit'.");
  }

  @ParameterizedTest
  @CsvSource({
    "NORMAL, NORMAL, true",
    "NORMAL, PNEUMONIA, false",
    "NORMAL, VIRAL_PNEUMONIA, false",
    "PNEUMONIA, BACTERIAL_PNEUMONIA, true",
    "VIRAL_PNEUMONIA, PNEUMONIA, true",
    "VIRAL_PNEUMONIA, BACTERIAL_PNEUMONIA, false",
  })
  void unspecifiedPneumoniaIsCompatibleWithEitherCause(Finding one, Finding other, boolean agree) {
    assertThat(one.isCompatibleWith(other)).isEqualTo(agree);
    assertThat(other.isCompatibleWith(one)).isEqualTo(agree);
  }

  @Test
  void keepsDuplicatesInTestSplit() throws IOException {
    ImageStore pixels =
        open(
            xray("a", 1, NORMAL, TRAIN),
            xray("b", 1, NORMAL, TEST),
            xray("c", 2, NORMAL, TEST),
            xray("d", 2, NORMAL, TEST));
    assertThat(pixels.index().xrays()).extracting(Xray::id).containsExactly("a", "b", "c", "d");
    assertThat(pixels.index().notices()).isEmpty();
  }

  @Test
  void decodesOnlyRequestedSplits() throws IOException {
    Xray broken = xray("broken", 1, NORMAL, TRAIN);
    Files.write(folder.resolve("broken"), new byte[9]);
    List<Xray> xrays = List.of(broken, xray("a", 1, NORMAL, TEST));
    ImageStore pixels = ImageStore.open(NoiseImages.index(xrays), EnumSet.of(TEST), 16);
    assertThat(pixels.index().xrays()).extracting(Xray::id).containsExactly("a");
    assertThat(pixels.side()).isEqualTo(16);
  }

  @Test
  void fingerprintIgnoresFileNamesAndOrder() throws IOException {
    ImageStore one = open(xray("a", 1, NORMAL, TEST), xray("b", 2, VIRAL_PNEUMONIA, TEST));
    ImageStore other = open(xray("x", 2, VIRAL_PNEUMONIA, TEST), xray("y", 1, NORMAL, TEST));
    assertThat(one.fingerprint(TEST)).matches("[0-9a-f]{64}").isEqualTo(other.fingerprint(TEST));
  }

  @Test
  void fingerprintDependsOnFinding() throws IOException {
    assertThat(open(xray("a", 1, BACTERIAL_PNEUMONIA, TEST)).fingerprint(TEST))
        .isNotEqualTo(open(xray("a", 1, VIRAL_PNEUMONIA, TEST)).fingerprint(TEST));
  }

  @Test
  void fingerprintDependsOnAssignmentOfFindings() throws IOException {
    ImageStore one = open(xray("a", 1, NORMAL, TEST), xray("b", 2, VIRAL_PNEUMONIA, TEST));
    ImageStore other = open(xray("a", 1, VIRAL_PNEUMONIA, TEST), xray("b", 2, NORMAL, TEST));
    assertThat(one.fingerprint(TEST)).isNotEqualTo(other.fingerprint(TEST));
  }

  @Test
  void fingerprintDependsOnEveryPixel() throws IOException {
    GrayImage changed = NoiseImages.noise(1);
    changed.pixels()[changed.pixels().length - 1] ^= 1;
    Path other = folder.resolve("b");
    PngEncoder.write(changed, other);
    assertThat(open(NoiseImages.xray(other, NORMAL, TEST)).fingerprint(TEST))
        .isNotEqualTo(open(xray("a", 1, NORMAL, TEST)).fingerprint(TEST));
  }

  @Test
  void withIndexEqualsOpeningWithoutAnotherCache() throws IOException {
    List<Xray> tests =
        List.of(
            xray("a", 1, NORMAL, TEST),
            xray("b", 2, NORMAL, TEST),
            xray("c", 1, NORMAL, TEST),
            xray("d", 3, VIRAL_PNEUMONIA, TEST));
    List<Xray> others =
        List.of(
            xray("d", 3, VIRAL_PNEUMONIA, VALIDATION),
            xray("c", 1, NORMAL, TRAIN),
            xray("a", 1, NORMAL, TRAIN));
    ImageStore opened = open(tests.toArray(Xray[]::new));
    Set<Path> caches = NoiseImages.cacheFilesSince(before);

    ImageStore as = opened.withIndex(NoiseImages.index(others), EnumSet.of(TRAIN, VALIDATION));

    assertThat(NoiseImages.cacheFilesSince(before)).isEqualTo(caches);
    ImageStore own = open(others.toArray(Xray[]::new));
    assertThat(as.index().xrays()).isEqualTo(own.index().xrays()).hasSize(2);
    assertThat(as.index().notices()).isEqualTo(own.index().notices()).hasSize(1);
    assertThat(as.fingerprint(TRAIN)).isEqualTo(own.fingerprint(TRAIN));
    assertThat(as.fingerprint(VALIDATION)).isEqualTo(own.fingerprint(VALIDATION));
    assertThat(as.image(0).pixels()).isEqualTo(own.image(0).pixels());
    assertThat(as.originalPixelCount(1)).isEqualTo(NoiseImages.noise(1).pixels().length);
  }

  @Test
  void fingerprintCoversOneSplit() throws IOException {
    Xray a = xray("a", 1, NORMAL, TRAIN);
    String alone = open(a).fingerprint(TRAIN);
    ImageStore both = open(a, xray("b", 2, NORMAL, TEST));
    assertThat(both.fingerprint(TRAIN)).isEqualTo(alone);
    assertThat(both.fingerprint(TEST)).isNotEqualTo(alone);
  }

  @Test
  void fingerprintCountsDuplicates() throws IOException {
    assertThat(open(xray("a", 1, NORMAL, TEST), xray("b", 1, NORMAL, TEST)).fingerprint(TEST))
        .isNotEqualTo(open(xray("a", 1, NORMAL, TEST)).fingerprint(TEST));
  }

  private static float[] floats(long seed) {
    byte[] pixels = Resampler.resize(NoiseImages.noise(seed), 16, 16).pixels();
    float[] floats = new float[pixels.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (pixels[i] & 0xFF) / 255f;
    }
    return floats;
  }

  private Xray xray(String name, long seed, Finding finding, Split split) throws IOException {
    return NoiseImages.xray(NoiseImages.write(folder.resolve(name), seed), finding, split);
  }

  private static ImageStore open(Xray... xrays) throws IOException {
    return ImageStore.open(NoiseImages.index(List.of(xrays)), EnumSet.allOf(Split.class), 16);
  }
}
