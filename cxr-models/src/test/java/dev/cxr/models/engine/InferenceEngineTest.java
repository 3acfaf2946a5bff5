package dev.cxr.models.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.files.CacheFolder;
import dev.cxr.common.runtime.EngineFolder;
import dev.cxr.data.image.GrayImage;
import dev.cxr.models.Classifier;
import dev.cxr.models.architecture.HostArchitecture;
import dev.cxr.models.bundle.TestBundles;
import dev.cxr.models.ood.OutOfDistributionScorer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InferenceEngineTest {

  private static final String FLIP_AVERAGED = "flip-averaged(mobilenet-v1-075)";

  @TempDir private Path folder;

  @BeforeEach
  void useEmptyCache() {
    System.setProperty(CacheFolder.PROPERTY, folder.resolve("cache").toString());
    System.setProperty("ENGINE_CACHE_DIR", EngineFolder.path().toString());
  }

  @AfterEach
  void restoreSettings() {
    System.clearProperty(CacheFolder.PROPERTY);
    System.clearProperty("cxr.engine");
  }

  @Test
  void onnxRuntimePredictsWhatPyTorchPredicts() throws IOException {
    Path bundle = bundle(FLIP_AVERAGED);
    List<GrayImage> images = TestBundles.syntheticImages(11);
    double[][] expected = predict(InferenceEngine.PYTORCH, bundle, images);
    double[][] found = predict(InferenceEngine.ONNX, bundle, images);
    assertThat(found).hasSameDimensionsAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(found[i]).containsExactly(expected[i], within(1e-5));
    }
    assertThat(Arrays.deepEquals(found, expected)).as("the same engine").isFalse();
  }

  @Test
  void onnxRuntimePredictsAnImageInAnyBatchTheSame() throws IOException {
    Path bundle = bundle(FLIP_AVERAGED);
    List<GrayImage> images = TestBundles.syntheticImages(11);
    InferenceEngine.ONNX.use();
    try (Classifier classifier = Classifier.load(bundle)) {
      double[][] together = classifier.probabilities(images);
      for (int i = 0; i < together.length; i++) {
        assertThat(classifier.probabilities(List.of(images.get(i)))[0])
            .containsExactly(together[i], within(1e-7));
      }
      assertThat(classifier.probabilities(images)).isDeepEqualTo(together);
    }
  }

  @Test
  void onnxRuntimeComputesEmbeddingsAndScores() throws IOException {
    Path bundle = bundle(FLIP_AVERAGED);
    GrayImage image = TestBundles.syntheticImages(1).get(0);
    float[] expectedEmbedding;
    double expectedScore;
    InferenceEngine.PYTORCH.use();
    try (Classifier classifier = Classifier.load(bundle)) {
      expectedEmbedding = classifier.embeddings(List.of(image))[0];
      expectedScore = score(classifier, image);
    }
    InferenceEngine.ONNX.use();
    try (Classifier classifier = Classifier.load(bundle)) {
      float[] found = classifier.embeddings(List.of(image))[0];
      assertThat(found).containsExactly(expectedEmbedding, within(1e-4f));
      assertThat(Arrays.equals(found, expectedEmbedding)).as("the same engine").isFalse();
      assertThat(score(classifier, image))
          .isCloseTo(expectedScore, withinPercentage(.01))
          .isNotEqualTo(expectedScore);
    }
  }

  private static double score(Classifier classifier, GrayImage image) {
    return OutOfDistributionScorer.of(classifier).orElseThrow().score(image);
  }

  @Test
  void autoKeepsItsMeasurement() throws IOException {
    Path bundle = bundle("binary-cnn");
    List<GrayImage> images = TestBundles.syntheticImages(2);
    double[][] first = predict(InferenceEngine.AUTO, bundle, images);
    Path file = onlyMeasurement();
    assertThat(file).content().contains("\"pytorch\":", "\"onnx\":");
    Files.writeString(file, "{\"engine\":\"ONNX\",\"pytorch\":1,\"onnx\":2}");
    assertThat(predict(InferenceEngine.AUTO, bundle, images))
        .isDeepEqualTo(predict(InferenceEngine.ONNX, bundle, images));
    Files.writeString(file, "{\"engine\":\"PYTORCH\",\"pytorch\":2,\"onnx\":1}");
    assertThat(predict(InferenceEngine.AUTO, bundle, images))
        .isDeepEqualTo(predict(InferenceEngine.PYTORCH, bundle, images));
    Files.writeString(file, "damaged");
    assertThat(predict(InferenceEngine.AUTO, bundle, images)).hasSameDimensionsAs(first);
    assertThat(file).content().contains("\"pytorch\":");
  }

  @Test
  void modelWithoutOnnxFormRunsOnPyTorch() throws IOException {
    Path bundle = bundle(new HostArchitecture().id());
    List<GrayImage> images = TestBundles.syntheticImages(2);
    assertThat(predict(InferenceEngine.AUTO, bundle, images))
        .isDeepEqualTo(predict(InferenceEngine.PYTORCH, bundle, images));
    assertThat(onlyMeasurement()).content().contains("toByteBuffer");
    assertThatThrownBy(() -> predict(InferenceEngine.ONNX, bundle, images))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("toByteBuffer")
        .hasMessageContaining("--engine pytorch");
  }

  private Path bundle(String architecture) throws IOException {
    return TestBundles.write(
        folder.resolve("bundle"), TestBundles.manifest(architecture, true, 1.5));
  }

  private static double[][] predict(InferenceEngine engine, Path bundle, List<GrayImage> images)
      throws IOException {
    engine.use();
    try (Classifier classifier = Classifier.load(bundle);
        NDManager scope = classifier.manager().newSubManager()) {
      NDArray batch = classifier.toBatch(scope, images);
      return classifier.probabilities(batch);
    }
  }

  private Path onlyMeasurement() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("cache/inference"))) {
      List<Path> all = files.toList();
      assertThat(all).hasSize(1);
      return all.get(0);
    }
  }
}
