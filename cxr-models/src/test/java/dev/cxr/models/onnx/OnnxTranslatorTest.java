package dev.cxr.models.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.cxr.models.architecture.BuiltInArchitecture;
import dev.cxr.models.architecture.DeterministicFill;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class OnnxTranslatorTest {

  /** The smallest that every architecture supports. */
  private static final int NETWORK_SIDE = 96;

  private static final int SIDE = 5;

  @ParameterizedTest
  @EnumSource
  void everyArchitectureAgreesWithPyTorch(BuiltInArchitecture architecture) {
    try (NDManager manager = NDManager.newBaseManager()) {
      Block network = network(architecture, manager);
      ParameterStore parameters = new ParameterStore(manager, false);
      assertAgrees(
          manager,
          NETWORK_SIDE,
          images -> {
            NDArray output = network.forward(parameters, new NDList(images), false).get(0);
            return output.reshape(output.getShape().get(0), -1);
          });
    }
  }

  private static Block network(BuiltInArchitecture architecture, NDManager manager) {
    Block network = architecture.create(NETWORK_SIDE);
    network.initialize(manager, DataType.FLOAT32, new Shape(1, 1, NETWORK_SIDE, NETWORK_SIDE));
    Map<String, Parameter> parameters = new LinkedHashMap<>();
    network.getParameters().forEach(p -> parameters.put(p.getKey(), p.getValue()));
    DeterministicFill.fill(manager, parameters);
    return network;
  }

  @ParameterizedTest
  @MethodSource
  void everyOperationAgreesWithPyTorch(UnaryOperator<NDArray> operation) {
    try (NDManager manager = NDManager.newBaseManager()) {
      assertAgrees(
          manager,
          SIDE,
          images -> {
            NDArray result = operation.apply(images.abs().add(.5));
            return result.reshape(result.getShape().get(0), -1);
          });
    }
  }

  static Stream<Named<UnaryOperator<NDArray>>> everyOperationAgreesWithPyTorch() {
    return Stream.of(
        named("arithmetic", x -> x.mul(3).sub(1).div(x).add(x.square()).sub(x.neg())),
        named("functions", x -> x.sqrt().add(x.exp()).add(x.log().abs()).add(x.tanh())),
        named("bounds", x -> x.clip(.6, .9).maximum(.7).minimum(x).maximum(x.mul(.8))),
        named("powers", x -> x.pow(3)),
        named("activations", x -> Activation.relu(x.sub(1)).add(Activation.sigmoid(x))),
        named("elu", x -> Activation.elu(x.sub(1), .3f)),
        named("leakyRelu", x -> Activation.leakyRelu(x.sub(1), .1f)),
        named("swish", x -> Activation.swish(x, 2)),
        named("softplus", x -> Activation.softPlus(x).add(Activation.softSign(x))),
        named("softmax", x -> x.softmax(3).add(x.logSoftmax(-1))),
        named("means", x -> x.mean(new int[] {3}).mean(new int[] {1}, true)),
        named("sums", x -> x.sum(new int[] {-1}, true)),
        named("flip", x -> x.flip(3).add(x.flip(2, 3).mul(2))),
        named("slice", x -> x.get(":, :, 1:4:2, -3:")),
        named("index", x -> x.get(":, 0, -1")),
        named(
            "reshape",
            x ->
                x.reshape(x.getShape().get(0), SIDE, -1)
                    .mul(2)
                    .reshape(-1, SIDE)
                    .reshape(-1, SIDE * SIDE)),
        named("transpose", x -> x.transpose(0, 3, 1, 2).transpose(0, 2, 1, 3).mul(2)),
        named("dimensions", x -> x.squeeze(1).expandDims(3)),
        named("concatenation", x -> NDArrays.concat(new NDList(x, x.mul(2), x), 2)),
        named("padding", OnnxTranslatorTest::pad),
        named("padding of a transposed array", OnnxTranslatorTest::padTransposed),
        named(
            "broadcast",
            x -> x.add(x.getManager().create(new float[] {1, 2, 3}, new Shape(3, 1, 1)))),
        named("matrix product", x -> x.matMul(x.getManager().create(matrix(), new Shape(SIDE, 2)))),
        named("pools", x -> maxPool(x, false).concat(averagePool(x), 1)),
        named("pool rounded up", x -> maxPool(x, true)),
        named("global pools", x -> globalMaxPool(x).add(globalAveragePool(x))));
  }

  private static Named<UnaryOperator<NDArray>> named(
      String name, UnaryOperator<NDArray> operation) {
    return Named.of(name, operation);
  }

  private static NDArray pad(NDArray x) {
    NDArray left = x.zerosLike().concat(x, 3);
    return left.concat(left.zerosLike(), 2);
  }

  private static NDArray padTransposed(NDArray x) {
    NDArray transposed = x.transpose(0, 2, 3, 1);
    return transposed.concat(transposed.zerosLike(), 1).transpose(0, 3, 1, 2);
  }

  private static NDArray maxPool(NDArray x, boolean roundUp) {
    return x.getNDArrayInternal()
        .maxPool(new Shape(2, 2), new Shape(2, 2), new Shape(0, 0), roundUp);
  }

  private static NDArray averagePool(NDArray x) {
    return x.getNDArrayInternal()
        .avgPool(new Shape(2, 2), new Shape(2, 2), new Shape(0, 0), false, true);
  }

  private static NDArray globalMaxPool(NDArray x) {
    return x.getNDArrayInternal().globalMaxPool();
  }

  private static NDArray globalAveragePool(NDArray x) {
    return x.getNDArrayInternal().globalAvgPool();
  }

  private static float[] matrix() {
    return new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  }

  private static void assertAgrees(NDManager manager, int side, UnaryOperator<NDArray> function) {
    try (OnnxFunction translated = new OnnxFunction(function, side, 2)) {
      for (int count : new int[] {1, 3}) {
        NDArray images = DeterministicFill.input(manager, new Shape(count, 1, side, side));
        float[][] found = translated.apply(FloatBuffer.wrap(images.toFloatArray()));
        NDArray expected = function.apply(images);
        assertThat(found).hasDimensions(count, (int) expected.getShape().get(1));
        double scale = Math.max(1, expected.abs().max().getFloat());
        for (int i = 0; i < count; i++) {
          float[] row = expected.get(i).toFloatArray();
          for (int j = 0; j < row.length; j++) {
            assertThat((double) found[i][j])
                .as("value %d of image %d", j, i)
                .isCloseTo(row[j], within(1e-5 * scale));
          }
        }
      }
    }
  }

  @Test
  void paddingBecomesAnAttributeOfTheConvolution() {
    try (NDManager manager = NDManager.newBaseManager()) {
      Block network = network(BuiltInArchitecture.MOBILENET_V1_075, manager);
      ParameterStore parameters = new ParameterStore(manager, false);
      List<NodeProto> nodes =
          nodes(NETWORK_SIDE, x -> network.forward(parameters, new NDList(x), false).get(0));
      assertThat(nodes)
          .extracting(NodeProto::getOpType)
          .contains("Clip")
          .doesNotContain("Pad", "Transpose", "Dropout");
      assertThat(nodes)
          .filteredOn(node -> node.getOpType().equals("Conv"))
          .first()
          .asString()
          .contains("pads", "ints: 0\n  ints: 0\n  ints: 1\n  ints: 1");
    }
  }

  @Test
  void addsTheSameOperationOnce() {
    assertThat(nodes(SIDE, x -> x.sqrt().mul(2).add(x.sqrt().mul(2))))
        .extracting(NodeProto::getOpType)
        .containsExactly("Sqrt", "Mul", "Add", "Identity");
  }

  private static List<NodeProto> nodes(int side, UnaryOperator<NDArray> function) {
    try {
      return ModelProto.parseFrom(OnnxTranslator.translate(function, side, "output", Map.of()))
          .getGraph()
          .getNodeList();
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void namesAnOperationWithoutOnnxForm() {
    assertThatThrownBy(() -> nodes(SIDE, x -> x.erfinv()))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage("erfinv");
    assertThatThrownBy(() -> nodes(SIDE, x -> x.getManager().create(x.toFloatArray())))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> nodes(SIDE, x -> x.get("0")))
        .isInstanceOf(UnsupportedOperationException.class);
  }
}
