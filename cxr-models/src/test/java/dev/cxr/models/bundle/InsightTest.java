package dev.cxr.models.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.image.GrayImage;
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
class InsightTest {

  private static final int SIDE = Bundles.SIDE;

  @TempDir private static Path folder;
  private static Classifier classifier;

  @BeforeAll
  static void load() throws IOException {
    Bundles.write(folder, Bundles.manifest());
    classifier = Classifier.load(Bundle.open(folder));
  }

  @AfterAll
  static void close() {
    classifier.close();
  }

  @Test
  void aPictureHasOneEmbeddingAloneOrAmongOthers() throws IOException {
    List<GrayImage> pictures = Bundles.pictures(3);
    float[][] embeddings = classifier.embeddings(pictures);
    assertThat(embeddings).hasDimensions(3, 128);
    assertThat(embeddings[0]).isNotEqualTo(embeddings[2]);
    for (int i = 0; i < 3; i++) {
      float[] alone = classifier.embeddings(pictures.subList(i, i + 1))[0];
      assertThat(alone).containsExactly(embeddings[i], within(1e-5f));
    }
  }

  @Test
  void aBatchHasTheEmbeddingsOfItsPictures() throws IOException {
    GrayImage picture = Bundles.pictures(1).get(0);
    float[] pixels = new float[SIDE * SIDE];
    Classifier.fill(pixels, 0, picture, SIDE);
    try (NDManager scope = classifier.manager().newSubManager()) {
      NDArray batch = scope.create(pixels, new Shape(1, 1, SIDE, SIDE));
      assertThat(classifier.embeddings(batch))
          .isDeepEqualTo(classifier.embeddings(List.of(picture)));
    }
  }

  @Test
  void theMapsOfTheFirstLayerAreThePicture() throws IOException {
    GrayImage picture = Bundles.pictures(2).get(1);
    float[] pixels = new float[SIDE * SIDE];
    Classifier.fill(pixels, 0, picture, SIDE);
    float[][][] maps = classifier.featureMaps(picture, "input");
    assertThat(maps).hasNumberOfRows(1);
    assertThat(maps[0]).hasNumberOfRows(SIDE);
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        assertThat(maps[0][y][x]).isEqualTo(pixels[y * SIDE + x]);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"conv1, 32, 32", "pool2, 64, 8", "dropout4, 256, 2"})
  void aLayerHasAMapForEachOfItsChannels(String layer, int channels, int side) throws IOException {
    float[][][] maps = classifier.featureMaps(Bundles.pictures(1).get(0), layer);
    assertThat(maps).hasNumberOfRows(channels);
    assertThat(maps[channels - 1]).hasDimensions(side, side);
  }

  @Test
  void everyLayerOfferedHasMaps() throws IOException {
    GrayImage picture = Bundles.pictures(1).get(0);
    assertThat(classifier.mapLayers()).startsWith("input", "conv1").endsWith("dropout4");
    for (String layer : classifier.mapLayers()) {
      assertThat(classifier.featureMaps(picture, layer)).as(layer).isNotEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"conv3, 8", "dropout4, 2"})
  void noPlaceSpeaksForBothClasses(String layer, int side) throws IOException {
    double pneumonia = 0;
    double normal = 0;
    for (GrayImage picture : Bundles.pictures(4)) {
      float[][] yes = classifier.gradCam(picture, "PNEUMONIA", layer);
      float[][] no = classifier.gradCam(picture, "NORMAL", layer);
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
  void whatIsNoClassOrHasNoMapsIsRefused() throws IOException {
    GrayImage picture = Bundles.pictures(1).get(0);
    assertThatThrownBy(() -> classifier.gradCam(picture, "VIRUS", "conv1"))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("a class of NORMAL, PNEUMONIA; found 'VIRUS'");
    assertThatThrownBy(() -> classifier.gradCam(picture, "NORMAL", "dense"))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("'dense', which gives (1, 128)");
    assertThatThrownBy(() -> classifier.featureMaps(picture, "logits"))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("'logits', which gives (1, 1)");
    assertThatThrownBy(() -> classifier.featureMaps(picture, "conv9"))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("found 'conv9'");
  }
}
