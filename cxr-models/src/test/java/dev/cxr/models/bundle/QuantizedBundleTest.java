package dev.cxr.models.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cxr.data.image.GrayImage;
import dev.cxr.models.Classifier;
import dev.cxr.models.engine.InferenceEngine;
import dev.cxr.models.engine.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuantizedBundleTest {

  @TempDir private static Path shared;
  private static Path original = Path.of("");
  private static Path quantized = Path.of("");

  @TempDir private Path folder;

  @BeforeAll
  static void quantize() throws IOException {
    original = TestBundles.write(shared.resolve("original"), TestBundles.manifest());
    quantized = TestBundles.quantize(original, shared.resolve("quantized"));
  }

  @BeforeEach
  void useOnnxRuntime() {
    InferenceEngine.ONNX.use(); // the choice of auto depends on a measurement
  }

  @AfterEach
  void restoreSettings() {
    Precision.FLOAT32.use();
    System.clearProperty("cxr.engine");
  }

  @Test
  void predictsWithInt8OnlyIfAsked() throws IOException {
    double[][] float32 = predict(original);
    assertThat(predict(quantized)).isDeepEqualTo(float32);
    Precision.INT8.use();
    double[][] int8 = predict(quantized);
    assertThat(Arrays.deepEquals(int8, float32)).isFalse();
    for (int i = 0; i < float32.length; i++) {
      assertThat(int8[i]).containsExactly(float32[i], within(.05));
    }
  }

  @Test
  void embeddingsStayFloat32() throws IOException {
    List<GrayImage> images = TestBundles.syntheticImages(1);
    float[] expected;
    try (Classifier classifier = Classifier.load(original)) {
      assertThat(classifier.computation().precision()).isEqualTo(Precision.FLOAT32);
      expected = classifier.embeddings(images)[0];
    }
    Precision.INT8.use();
    try (Classifier classifier = Classifier.load(quantized)) {
      assertThat(classifier.computation().precision()).isEqualTo(Precision.INT8);
      assertThat(classifier.embeddings(images)[0]).containsExactly(expected, within(1e-5f));
    }
  }

  @Test
  void keepsTheFilesOfTheModel() throws IOException {
    Bundle bundle = Bundle.open(quantized);
    assertThat(bundle.files()).contains("int8.onnx", "golden-int8.json");
    for (String file : List.of(TestBundles.PARAMETERS, "golden.json", "history.csv")) {
      assertThat(quantized.resolve(file)).hasSameBinaryContentAs(original.resolve(file));
    }
    assertThat(bundle.manifest().quantization())
        .isEqualTo(QuantizationTest.quantization(503, .98, .9801, 0));
    assertThat(quantized.resolve("MODEL_CARD.md"))
        .content()
        .contains("--precision int8", "AUROC 0.9801", "25.0 images per second");
    assertThat(Bundle.open(original).manifest().quantization()).isNull();
  }

  @Test
  void bundleWithoutVariantIsRejected() throws IOException {
    Precision.INT8.use();
    TestBundles.assertLoadRejected(original, "cxr quantize");
  }

  @Test
  void otherPredictionOfTheVariantIsRejected() throws IOException {
    Path damaged = TestBundles.copy(quantized, folder.resolve("damaged"));
    TestBundles.replace(damaged, "golden-int8.json", "{\"NORMAL\": 0.9, \"PNEUMONIA\": 0.1}");
    try (Classifier classifier = Classifier.load(damaged)) {
      assertThat(classifier.computation().precision()).isEqualTo(Precision.FLOAT32);
    }
    Precision.INT8.use();
    TestBundles.assertLoadRejected(damaged, "0.900000 of NORMAL");
  }

  @Test
  void missingVariantIsRejected() throws IOException {
    Path damaged = TestBundles.copy(quantized, folder.resolve("damaged"));
    Files.delete(damaged.resolve("int8.onnx"));
    TestBundles.rewriteChecksums(damaged);
    TestBundles.assertOpenRejected(damaged, "int8.onnx");
  }

  @Test
  void pytorchDoesNotComputeInt8() {
    Precision.INT8.use();
    InferenceEngine.PYTORCH.use();
    assertThatThrownBy(() -> predict(quantized)).hasMessageContaining("--engine pytorch");
  }

  private static double[][] predict(Path bundle) throws IOException {
    try (Classifier classifier = Classifier.load(bundle)) {
      return classifier.probabilities(TestBundles.syntheticImages(3));
    }
  }
}
