package dev.cxr.models.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import dev.cxr.data.index.Task;
import dev.cxr.models.Classifier;
import dev.cxr.models.bundle.ImageBatch;
import dev.cxr.models.bundle.TestBundles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Int8QuantizerTest {

  private static final int SIDE = 32;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "binary-cnn",
        "flip-averaged(mobilenet-v1-075)",
        "resnet18",
        "densenet121",
        "cascade(compact-cnn, five-layer-cnn)"
      })
  void everyConvolutionIsOfIntegers(String architecture) throws IOException {
    Path written =
        TestBundles.write(
            folder.resolve("bundle"),
            TestBundles.manifest(
                architecture,
                architecture.startsWith("cascade") ? Task.THREE_CLASS : Task.BINARY,
                true,
                1));
    try (Classifier classifier = Classifier.load(written);
        Int8Quantizer quantizer = classifier.quantizer();
        NDManager scope = classifier.manager().newSubManager()) {
      NDArray images = ImageBatch.synthetic(scope, 4, SIDE);
      quantizer.add(images.toByteBuffer().asFloatBuffer());
      ByteBuffer model = quantizer.quantize();
      double[][] expected = classifier.probabilities(images);
      classifier.useInt8(model.duplicate());
      double[][] found = classifier.probabilities(images);
      for (int i = 0; i < expected.length; i++) {
        assertThat(found[i]).containsExactly(expected[i], within(.05));
      }
      assertThat(found).isNotEqualTo(expected);
      requireIntegers(ModelProto.parseFrom(model));
    }
  }

  private static void requireIntegers(ModelProto model) {
    List<NodeProto> nodes = model.getGraph().getNodeList();
    Map<String, NodeProto> byOutput =
        nodes.stream().collect(Collectors.toMap(node -> node.getOutput(0), Function.identity()));
    Map<String, List<NodeProto>> byOperator =
        nodes.stream().collect(Collectors.groupingBy(NodeProto::getOpType));
    assertThat(byOperator).containsKey("Conv").doesNotContainKey("Clip");
    for (NodeProto conv : byOperator.getOrDefault("Conv", List.of())) {
      assertThat(conv.getInputList())
          .allSatisfy(input -> assertThat(operator(byOutput, input)).isEqualTo("DequantizeLinear"));
    }
  }

  private static String operator(Map<String, NodeProto> byOutput, String value) {
    NodeProto node = byOutput.get(value);
    return node == null ? "none" : node.getOpType();
  }

  @Test
  void batchNormAfterReluIsExactToALevel() throws IOException {
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      NDArray weight =
          manager.create(
              new float[] {.5f, -1, 2, 0, .25f, 3, -2, 1, 0, 0, 0, 0}, new Shape(3, 1, 2, 2));
      NDArray bias = manager.create(new float[] {.1f, 40, -.2f});
      NDArray mean = manager.create(new float[] {.3f, 39, 0});
      NDArray variance = manager.create(new float[] {.5f, 2, 1});
      NDArray gamma = manager.create(new float[] {-1.5f, .01f, 1});
      NDArray beta = manager.create(new float[] {.4f, 5, -2});
      UnaryOperator<NDArray> function =
          images -> {
            NDArray convolved =
                images
                    .getNDArrayInternal()
                    .convolution(
                        images, weight, bias, new Shape(1, 1), new Shape(0, 0), new Shape(1, 1), 1)
                    .get(0);
            NDArray normalized =
                convolved
                    .getNDArrayInternal()
                    .batchNorm(
                        convolved.getNDArrayInternal().relu(),
                        mean,
                        variance,
                        gamma,
                        beta,
                        1,
                        .9f,
                        1e-3f,
                        false)
                    .get(0);
            return normalized.getNDArrayInternal().globalAvgPool();
          };
      NDArray images = ImageBatch.synthetic(manager, 4, SIDE);
      float[] expected = function.apply(images).toFloatArray();
      float[] found = new float[expected.length];
      try (Int8Quantizer quantizer = new Int8Quantizer(function, SIDE, 1)) {
        quantizer.add(images.toByteBuffer().asFloatBuffer());
        ByteBuffer model = quantizer.quantize();
        assertThat(
                ModelProto.parseFrom(model.duplicate()).getGraph().getNodeList().stream()
                    .map(NodeProto::getOpType))
            .doesNotContain("BatchNormalization", "Relu");
        try (OnnxFunction int8 = new OnnxFunction(model::duplicate, SIDE, 1)) {
          int next = 0;
          for (float[] row : int8.apply(images.toByteBuffer().asFloatBuffer())) {
            for (float value : row) {
              found[next++] = value;
            }
          }
        }
      }
      // A level of the convolution is 44 / 255, which the first channel multiplies by 2.
      assertThat(found).containsExactly(expected, within(.2f));
    }
  }
}
