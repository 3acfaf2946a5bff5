package dev.cxr.data.dataset;

import static dev.cxr.data.catalogue.Finding.BACTERIAL_PNEUMONIA;
import static dev.cxr.data.catalogue.Finding.NORMAL;
import static dev.cxr.data.catalogue.Finding.PNEUMONIA;
import static dev.cxr.data.catalogue.Finding.VIRAL_PNEUMONIA;
import static dev.cxr.data.catalogue.Split.TEST;
import static dev.cxr.data.catalogue.Split.TRAIN;
import static dev.cxr.data.catalogue.Split.VALIDATION;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.data.augment.Augmentation;
import dev.cxr.data.augment.Augmenter;
import dev.cxr.data.catalogue.Finding;
import dev.cxr.data.catalogue.Split;
import dev.cxr.data.catalogue.Xray;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.PngEncoder;
import dev.cxr.data.image.Resampler;
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

class PixelCatalogueTest {

  @TempDir private Path folder;
  private Set<Path> before = Set.of();

  @BeforeEach
  void rememberTheCacheFolder() throws IOException {
    before = Pictures.cacheFiles();
  }

  @AfterEach
  void clearTheCacheFolder() throws IOException {
    Pictures.removeCacheFilesSince(before);
  }

  @Test
  void ofExactDuplicatesTheFirstAcrossTrainingAndValidationIsKept() throws IOException {
    PixelCatalogue pixels =
        open(
            xray("a", 1, NORMAL, TRAIN),
            xray("b", 2, NORMAL, TRAIN),
            xray("c", 2, NORMAL, TRAIN),
            xray("d", 1, NORMAL, VALIDATION),
            xray("e", 3, NORMAL, VALIDATION),
            xray("f", 3, NORMAL, VALIDATION));
    assertThat(pixels.catalogue().xrays()).extracting(Xray::id).containsExactly("a", "b", "e");
    assertThat(pixels.catalogue().notices())
        .containsExactly("Exact duplicates among the training pictures, left out: 3.");
    // What is left has its own pixels, not those of the place it moved to.
    assertThat(pixels.pixels(2, new Augmenter(Augmentation.NONE), 0)).containsExactly(floats(3));
  }

  @Test
  void equalPicturesWithContradictoryFindingsAreAllLeftOut() throws IOException {
    PixelCatalogue pixels =
        open(
            xray("a", 1, NORMAL, TRAIN),
            xray("b", 2, BACTERIAL_PNEUMONIA, TRAIN),
            xray("c", 1, VIRAL_PNEUMONIA, VALIDATION),
            xray("d", 2, PNEUMONIA, TRAIN),
            xray("e", 3, NORMAL, TRAIN));
    assertThat(pixels.catalogue().xrays()).extracting(Xray::id).containsExactly("b", "e");
    assertThat(pixels.catalogue().notices())
        .containsExactly(
            "Exact duplicates among the training pictures, left out: 1.",
            "Training pictures that are equal to the last pixel under different findings, all left"
                + " out: 2. 'audit' names them.");
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
  void aPneumoniaOfUnstatedCauseContradictsNoCause(Finding one, Finding other, boolean agree) {
    assertThat(one.agreesWith(other)).isEqualTo(agree);
    assertThat(other.agreesWith(one)).isEqualTo(agree);
  }

  @Test
  void duplicatesInTheTestSplitStay() throws IOException {
    PixelCatalogue pixels =
        open(
            xray("a", 1, NORMAL, TRAIN),
            xray("b", 1, NORMAL, TEST),
            xray("c", 2, NORMAL, TEST),
            xray("d", 2, NORMAL, TEST));
    assertThat(pixels.catalogue().xrays()).extracting(Xray::id).containsExactly("a", "b", "c", "d");
    assertThat(pixels.catalogue().notices()).isEmpty();
  }

  @Test
  void onlyTheSplitsAskedForAreDecoded() throws IOException {
    Xray broken = xray("broken", 1, NORMAL, TRAIN);
    Files.write(folder.resolve("broken"), new byte[9]);
    List<Xray> xrays = List.of(broken, xray("a", 1, NORMAL, TEST));
    PixelCatalogue pixels = PixelCatalogue.of(Pictures.catalogue(xrays), EnumSet.of(TEST), 16);
    assertThat(pixels.catalogue().xrays()).extracting(Xray::id).containsExactly("a");
    assertThat(pixels.side()).isEqualTo(16);
  }

  @Test
  void theFingerprintIsTheSameWhateverTheFilesAreCalledAndInWhatOrder() throws IOException {
    PixelCatalogue one = open(xray("a", 1, NORMAL, TEST), xray("b", 2, VIRAL_PNEUMONIA, TEST));
    PixelCatalogue other = open(xray("x", 2, VIRAL_PNEUMONIA, TEST), xray("y", 1, NORMAL, TEST));
    assertThat(one.fingerprint(TEST)).matches("[0-9a-f]{64}").isEqualTo(other.fingerprint(TEST));
  }

  @Test
  void theFingerprintIsAnotherWithAnotherFinding() throws IOException {
    assertThat(open(xray("a", 1, BACTERIAL_PNEUMONIA, TEST)).fingerprint(TEST))
        .isNotEqualTo(open(xray("a", 1, VIRAL_PNEUMONIA, TEST)).fingerprint(TEST));
  }

  @Test
  void theFingerprintIsAnotherWithFindingsExchanged() throws IOException {
    PixelCatalogue one = open(xray("a", 1, NORMAL, TEST), xray("b", 2, VIRAL_PNEUMONIA, TEST));
    PixelCatalogue other = open(xray("a", 1, VIRAL_PNEUMONIA, TEST), xray("b", 2, NORMAL, TEST));
    assertThat(one.fingerprint(TEST)).isNotEqualTo(other.fingerprint(TEST));
  }

  @Test
  void theFingerprintIsAnotherWithAnotherPixel() throws IOException {
    GrayImage changed = Pictures.noise(1);
    changed.pixels()[changed.pixels().length - 1] ^= 1;
    Path other = folder.resolve("b");
    PngEncoder.write(changed, other);
    assertThat(open(Pictures.xray(other, NORMAL, TEST)).fingerprint(TEST))
        .isNotEqualTo(open(xray("a", 1, NORMAL, TEST)).fingerprint(TEST));
  }

  @Test
  void theSamePixelsUnderOtherSplitsAreAsIfOpenedThatWayWithoutAnotherCache() throws IOException {
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
    PixelCatalogue opened = open(tests.toArray(Xray[]::new));
    Set<Path> caches = Pictures.cacheFilesSince(before);

    PixelCatalogue as = opened.as(Pictures.catalogue(others), EnumSet.of(TRAIN, VALIDATION));

    assertThat(Pictures.cacheFilesSince(before)).isEqualTo(caches);
    PixelCatalogue own = open(others.toArray(Xray[]::new));
    assertThat(as.catalogue().xrays()).isEqualTo(own.catalogue().xrays()).hasSize(2);
    assertThat(as.catalogue().notices()).isEqualTo(own.catalogue().notices()).hasSize(1);
    assertThat(as.fingerprint(TRAIN)).isEqualTo(own.fingerprint(TRAIN));
    assertThat(as.fingerprint(VALIDATION)).isEqualTo(own.fingerprint(VALIDATION));
    assertThat(as.picture(0).pixels()).isEqualTo(own.picture(0).pixels());
    assertThat(as.ownPixels(1)).isEqualTo(Pictures.noise(1).pixels().length);
  }

  @Test
  void theFingerprintOfASplitIsOfThatSplitAlone() throws IOException {
    Xray a = xray("a", 1, NORMAL, TRAIN);
    String alone = open(a).fingerprint(TRAIN);
    PixelCatalogue both = open(a, xray("b", 2, NORMAL, TEST));
    assertThat(both.fingerprint(TRAIN)).isEqualTo(alone);
    assertThat(both.fingerprint(TEST)).isNotEqualTo(alone);
  }

  @Test
  void aPictureTwiceIsAnotherFingerprintThanOnce() throws IOException {
    assertThat(open(xray("a", 1, NORMAL, TEST), xray("b", 1, NORMAL, TEST)).fingerprint(TEST))
        .isNotEqualTo(open(xray("a", 1, NORMAL, TEST)).fingerprint(TEST));
  }

  private static float[] floats(long seed) {
    byte[] pixels = Resampler.resize(Pictures.noise(seed), 16, 16).pixels();
    float[] floats = new float[pixels.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (pixels[i] & 0xFF) / 255f;
    }
    return floats;
  }

  private Xray xray(String name, long seed, Finding finding, Split split) throws IOException {
    return Pictures.xray(Pictures.write(folder.resolve(name), seed), finding, split);
  }

  private static PixelCatalogue open(Xray... xrays) throws IOException {
    return PixelCatalogue.of(Pictures.catalogue(List.of(xrays)), EnumSet.allOf(Split.class), 16);
  }
}
