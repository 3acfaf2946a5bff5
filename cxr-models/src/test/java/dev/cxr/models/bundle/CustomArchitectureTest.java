package dev.cxr.models.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Model;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.index.Task;
import dev.cxr.models.Classifier;
import dev.cxr.models.architecture.Architectures;
import dev.cxr.models.architecture.BuiltInArchitecture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Architectures that are registered by META-INF/services, as a user's jar does it. */
class CustomArchitectureTest {

  @TempDir private Path folder;

  @Test
  void registryListsBuiltInArchitecturesFirst() {
    assertThat(Architectures.all())
        .startsWith(BuiltInArchitecture.values())
        .contains(Architectures.forName("test-tiny"), Architectures.forName("test-opaque"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "test-tiny; binary",
        "test-tiny; three-class",
        "test-opaque; binary",
        "flip-averaged(test-tiny); binary",
        "cascade(test-tiny, test-opaque); three-class",
        "mahalanobis(test-tiny); anomaly"
      })
  void bundleOfCustomArchitecturePredictsBitForBit(String architecture, Task task)
      throws IOException {
    Manifest manifest = TestBundles.manifest(architecture, task, true, 1);
    List<GrayImage> images = TestBundles.syntheticImages(3);
    double[][] expected;
    try (Model model = TestBundles.model(manifest)) {
      BundleWriter.write(folder, manifest, model, TestBundles.HISTORY);
      expected = new Classifier(manifest, model).probabilities(images);
    }
    try (Classifier classifier = Classifier.load(Bundle.open(folder))) {
      assertThat(classifier.probabilities(images)).isDeepEqualTo(expected);
      assertThat(classifier.embeddings(images)).hasNumberOfRows(3);
    }
  }

  @Test
  void sequentialBlockIsExplainedByGradCam() throws IOException {
    TestBundles.write(folder, TestBundles.manifest("test-tiny", true, 1));
    GrayImage image = TestBundles.syntheticImages(1).get(0);
    try (Classifier classifier = Classifier.load(Bundle.open(folder))) {
      assertThat(classifier.supportsGradCam()).isTrue();
      List<String> layers = classifier.convolutionalLayers();
      assertThat(layers).hasSize(6).startsWith("input", "01Conv2d");
      assertThat(classifier.gradCam(image, "PNEUMONIA", layers.get(5)))
          .hasDimensions(TestBundles.SIDE, TestBundles.SIDE);
      assertThat(classifier.embeddings(List.of(image))).hasDimensions(1, 12);
    }
  }

  @Test
  void opaqueBlockHasNoGradCam() throws IOException {
    TestBundles.write(folder, TestBundles.manifest("test-opaque", true, 1));
    GrayImage image = TestBundles.syntheticImages(1).get(0);
    try (Classifier classifier = Classifier.load(Bundle.open(folder))) {
      assertThat(classifier.supportsGradCam()).isFalse();
      assertThatThrownBy(() -> classifier.gradCam(image, "PNEUMONIA", "input"))
          .isInstanceOf(UserErrorException.class);
    }
  }

  @Test
  void rejectsBundleWhoseArchitectureIsAbsent() throws IOException {
    TestBundles.write(folder, TestBundles.manifest("test-tiny", true, 1));
    TestBundles.editManifest(folder, json -> json.addProperty("architecture", "test-absent"));
    TestBundles.assertOpenRejected(folder, "'test-absent'");
    TestBundles.assertOpenRejected(folder, "put the jar that provides it on the class path");
  }
}
