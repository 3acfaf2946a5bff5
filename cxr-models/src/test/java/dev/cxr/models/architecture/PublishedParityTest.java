package dev.cxr.models.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import dev.cxr.models.weights.PretrainedWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Our networks compute what the published ones do. */
class PublishedParityTest {

  private static final double RELATIVE_TOLERANCE = 1e-3;

  @Test
  void deterministicFillMatchesReferenceValues() {
    assertThat(List.of(0L, 1L, 2L))
        .extracting(k -> DeterministicFill.uniform("conv1.weight", k))
        .containsExactly(0.22308886051177979, 0.09019637107849121, 0.6879599094390869);
  }

  @ParameterizedTest
  @EnumSource(names = {"RESNET50", "DENSENET121", "VGG16", "XCEPTION", "INCEPTION_V3"})
  void backboneMatchesPublishedTensorsAndFeatures(BuiltInArchitecture architecture) {
    PublishedReference reference = PublishedReference.of(architecture.id().replace('-', '_'));
    Shape inputShape = shape(reference.inputShape());
    int side = (int) inputShape.get(2);
    try (NDManager manager = NDManager.newBaseManager()) {
      ClassifierNetwork network =
          architecture.create(architecture.input(side), 1, MemoryFormat.CHANNELS_LAST);
      network.initialize(manager, DataType.FLOAT32, new Shape(1, 1, side, side));
      Map<String, Parameter> published = network.pretrainedParameters();

      assertThat(shapes(published)).isEqualTo(reference.shapes()).hasSize(reference.tensorCount());
      assertThat(trainableParameterCount(published))
          .isEqualTo(reference.trainableParametersWithoutHead());

      DeterministicFill.fill(manager, published);
      ParameterStore parameters = new ParameterStore(manager, false);
      int afterBackbone = network.getChildren().indexOf(network.featureMapLayer()) + 1;
      NDList input = new NDList(DeterministicFill.input(manager, inputShape));
      NDList map = network.forwardRange(parameters, input, false, 1, afterBackbone);
      assertThat(map.get(0).getShape()).isEqualTo(shape(reference.featureMapShape()));

      int head = network.getChildren().size() - 1;
      NDArray pooled = network.forwardRange(parameters, map, false, afterBackbone, head).get(0);
      assertPooled(pooled, reference.pooledFeatures());
    }
  }

  @Test
  @EnabledIfEnvironmentVariable(named = "CXR_DATA_DIR", matches = ".+")
  void mobileNetMatchesPublishedFeatures() throws IOException {
    Path weights =
        Path.of(System.getenv("CXR_DATA_DIR"))
            .toAbsolutePath()
            .resolveSibling("weights")
            .resolve("mobilenet_v1_075_224.safetensors");
    assumeTrue(Files.exists(weights), "no published weights beside the data");
    BuiltInArchitecture architecture = BuiltInArchitecture.MOBILENET_V1_075;
    try (NDManager manager = NDManager.newBaseManager()) {
      ClassifierNetwork network =
          architecture.create(architecture.input(224), 1, MemoryFormat.CHANNELS_LAST);
      network.initialize(manager, DataType.FLOAT32, new Shape(1, 1, 224, 224));
      assertThat(PretrainedWeights.load(weights, network))
          .isEqualTo(
              new PretrainedWeights.LoadResult(
                  27 * 5, List.of("conv_preds.bias", "conv_preds.weight")));

      NDList input = new NDList(DeterministicFill.input(manager, new Shape(2, 3, 224, 224)));
      ParameterStore parameters = new ParameterStore(manager, false);
      int head = network.getChildren().size() - 1;
      NDArray pooled = network.forwardRange(parameters, input, false, 1, head).get(0);
      assertPooled(pooled, PublishedReference.of("mobilenet_v1").pooledFeatures());
    }
  }

  private static void assertPooled(NDArray pooled, PublishedReference.PooledFeatures expected) {
    assertThat(pooled.getShape()).isEqualTo(shape(expected.shape()));
    double mean = pooled.mean().getFloat();
    assertThat(mean).isCloseTo(expected.mean(), within(RELATIVE_TOLERANCE * expected.mean()));
    double l2 = pooled.square().sum().sqrt().getFloat();
    assertThat(l2).isCloseTo(expected.l2(), within(RELATIVE_TOLERANCE * expected.l2()));

    int length = (int) expected.shape().get(1).longValue();
    float[] values = pooled.toFloatArray();
    assertClose(values, 0, expected.firstRowHead(), expected.mean());
    List<Double> last = expected.lastRowTail();
    if (last != null) {
      assertClose(values, 2 * length - last.size(), last, mean);
    }
  }

  /** Values far below the mean are what is left of larger ones: there the mean is the measure. */
  private static void assertClose(float[] values, int from, List<Double> expected, double mean) {
    for (int i = 0; i < expected.size(); i++) {
      double tolerance = RELATIVE_TOLERANCE * Math.max(expected.get(i), RELATIVE_TOLERANCE * mean);
      assertThat((double) values[from + i])
          .as("feature %d", from + i)
          .isCloseTo(expected.get(i), within(tolerance));
    }
  }

  private static Map<String, List<Long>> shapes(Map<String, Parameter> parameters) {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    parameters.forEach(
        (name, parameter) -> {
          long[] shape = parameter.getArray().getShape().getShape();
          shapes.put(name, Arrays.stream(shape).boxed().toList());
        });
    return shapes;
  }

  private static long trainableParameterCount(Map<String, Parameter> parameters) {
    return parameters.values().stream()
        .filter(Parameter::requiresGradient)
        .mapToLong(parameter -> parameter.getArray().size())
        .sum();
  }

  private static Shape shape(List<Long> sizes) {
    return new Shape(sizes);
  }
}
