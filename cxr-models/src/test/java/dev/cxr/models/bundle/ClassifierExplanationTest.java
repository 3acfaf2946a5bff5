package dev.cxr.models.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.Resampler;
import dev.cxr.models.Classifier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a bundle's model makes of a picture on the way to its answer. */
class ClassifierExplanationTest {

  private static final int SIDE = TestBundles.SIDE;

  @TempDir private static Path folder;
  private static Classifier classifier;

  @BeforeAll
  static void load() throws IOException {
    TestBundles.write(folder, TestBundles.manifest());
    classifier = Classifier.load(Bundle.open(folder));
  }

  @AfterAll
  static void close() {
    classifier.close();
  }

  @Test
  void embeddingDoesNotDependOnTheBatch() throws IOException {
    List<GrayImage> images = TestBundles.syntheticImages(3);
    float[][] embeddings = classifier.embeddings(images);
    assertThat(embeddings).hasDimensions(3, 128);
    assertThat(embeddings[0]).isNotEqualTo(embeddings[2]);
    for (int i = 0; i < 3; i++) {
      float[] alone = classifier.embeddings(images.subList(i, i + 1))[0];
      assertThat(alone).containsExactly(embeddings[i], within(1e-5f));
    }
  }

  @Test
  void embedsBatchesLikeImages() throws IOException {
    GrayImage image = TestBundles.syntheticImages(1).get(0);
    try (NDManager scope = classifier.manager().newSubManager()) {
      NDArray batch = ImageBatch.of(scope, List.of(image), SIDE);
      assertThat(classifier.embeddings(batch)).isDeepEqualTo(classifier.embeddings(List.of(image)));
    }
  }

  @Test
  void featureMapsOfTheInputLayerAreTheImage() throws IOException {
    GrayImage image = TestBundles.syntheticImages(2).get(1);
    byte[] pixels = Resampler.resize(image, SIDE, SIDE).pixels();
    float[][][] maps = classifier.featureMaps(image, "input");
    assertThat(maps).hasNumberOfRows(1);
    assertThat(maps[0]).hasNumberOfRows(SIDE);
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        assertThat(maps[0][y][x]).isEqualTo((pixels[y * SIDE + x] & 0xFF) / 255f);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"conv1, 32, 32", "pool2, 64, 8", "dropout4, 256, 2"})
  void featureMapsHaveOneMapPerChannel(String layer, int channels, int side) throws IOException {
    float[][][] maps = classifier.featureMaps(TestBundles.syntheticImages(1).get(0), layer);
    assertThat(maps).hasNumberOfRows(channels);
    assertThat(maps[channels - 1]).hasDimensions(side, side);
  }

  @Test
  void everyConvolutionalLayerHasFeatureMaps() throws IOException {
    GrayImage image = TestBundles.syntheticImages(1).get(0);
    assertThat(classifier.convolutionalLayers()).startsWith("input", "conv1").endsWith("dropout4");
    for (String layer : classifier.convolutionalLayers()) {
      assertThat(classifier.featureMaps(image, layer)).as(layer).isNotEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"conv3, 8", "dropout4, 2"})
  void gradCamOfTheTwoClassesDoesNotOverlap(String layer, int side) throws IOException {
    double pneumonia = 0;
    double normal = 0;
    for (GrayImage image : TestBundles.syntheticImages(4)) {
      float[][] yes = classifier.gradCam(image, "PNEUMONIA", layer);
      float[][] no = classifier.gradCam(image, "NORMAL", layer);
      assertThat(yes).hasDimensions(side, side);
      for (int y = 0; y < side; y++) {
        for (int x = 0; x < side; x++) {
          assertThat(yes[y][x] * no[y][x]).isZero();
          pneumonia += yes[y][x];
          normal += no[y][x];
        }
      }
    }
    assertThat(pneumonia + normal).isPositive();
  }

  @Test
  void rejectsUnknownClassesAndLayersWithoutMaps() throws IOException {
    GrayImage image = TestBundles.syntheticImages(1).get(0);
    assertThatThrownBy(() -> classifier.gradCam(image, "VIRUS", "conv1"))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("a class of NORMAL, PNEUMONIA; found 'VIRUS'");
    assertThatThrownBy(() -> classifier.gradCam(image, "NORMAL", "dense"))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("'dense', which returns (1, 128)");
    assertThatThrownBy(() -> classifier.featureMaps(image, "logits"))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("'logits', which returns (1, 1)");
    assertThatThrownBy(() -> classifier.featureMaps(image, "conv9"))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("found 'conv9'");
  }
}
