package dev.cxr.models.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.models.architecture.BuiltInArchitecture;
import dev.cxr.models.architecture.Network;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PretrainedWeightsTest {

  private static final String CONV = "conv_pw_3.weight";

  @TempDir private Path folder;
  private final NDManager manager = NDManager.newBaseManager();
  private final Network network = BuiltInArchitecture.MOBILENET_V1_025.create(32);

  @BeforeEach
  void initialize() {
    network.initialize(manager, DataType.FLOAT32, new Shape(1, 1, 32, 32));
  }

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void loadsBackboneAndKeepsHead() throws IOException {
    float[] head = headWeights(network).toFloatArray();
    PretrainedWeights.LoadResult loaded = PretrainedWeights.load(write(publishedFile()), network);
    assertThat(loaded).isEqualTo(new PretrainedWeights.LoadResult(27 * 5, List.of()));
    network
        .pretrainedParameters()
        .forEach(
            (name, parameter) ->
                assertThat(parameter.getArray().toFloatArray())
                    .as(name)
                    .isEqualTo(randomValues(name, parameter)));
    assertThat(headWeights(network).toFloatArray()).isEqualTo(head);
  }

  @Test
  void loadedWeightsSurviveGarbageCollection() throws IOException {
    PretrainedWeights.load(write(publishedFile()), network);
    for (int i = 0; i < 20; i++) {
      System.gc();
      try (NDArray other = manager.create(new float[1 << 20])) {
        assertThat(other.size()).isEqualTo(1 << 20);
      }
    }
    network
        .pretrainedParameters()
        .forEach(
            (name, parameter) ->
                assertThat(parameter.getArray().toFloatArray())
                    .as(name)
                    .isEqualTo(randomValues(name, parameter)));
  }

  @Test
  void keepsFrozenState() throws IOException {
    Parameter frozen = parameter("conv1.weight");
    frozen.freeze(true);
    PretrainedWeights.load(write(publishedFile()), network);
    assertThat(frozen.getArray().hasGradient()).isFalse();
    assertThat(array(CONV).hasGradient()).isTrue();
    assertThat(array("conv1_bn.running_var").hasGradient()).isFalse();
  }

  @Test
  void ignoresHeadTensors() throws IOException {
    SafetensorsFile file = publishedFile();
    List<String> surplus =
        List.of(
            "fc.weight",
            "fc.bias",
            "classifier.6.weight",
            "last_linear.weight",
            "head.fc.bias",
            "pre_logits.fc1.weight",
            "conv_preds.weight",
            "AuxLogits.conv0.conv.weight");
    surplus.forEach(name -> file.put(name, new float[3], 3));
    file.put("bn1.num_batches_tracked", "I64", new byte[8]);
    PretrainedWeights.LoadResult loaded = PretrainedWeights.load(write(file), network);
    assertThat(loaded.tensorCount()).isEqualTo(27 * 5);
    assertThat(loaded.ignoredTensors()).startsWith("fc.weight").hasSize(9).containsAll(surplus);
  }

  @Test
  void loadsHalfPrecision() throws IOException {
    long[] shape = shape(CONV);
    int count = (int) new Shape(shape).size();
    ByteBuffer float16 = ByteBuffer.allocate(2 * count).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer bfloat16 = ByteBuffer.allocate(2 * count).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      float16.putShort((short) 0x3555); // 0.33325195
      bfloat16.putShort((short) 0x3EAB); // 0.33398438
    }
    PretrainedWeights.load(
        write(publishedFile().put(CONV, "F16", float16.array(), shape)), network);
    assertThat(array(CONV).toFloatArray()).containsOnly(0.33325195f);
    PretrainedWeights.load(
        write(publishedFile().put(CONV, "BF16", bfloat16.array(), shape)), network);
    assertThat(array(CONV).toFloatArray()).containsOnly(0.33398438f);
  }

  @Test
  void rejectsMissingTensors() {
    assertRejectedWithoutChange(
        publishedFile().remove(CONV), "tensor '%s' of shape [32, 32, 1, 1]; found none");
  }

  @Test
  void rejectsUnknownTensors() {
    assertRejectedWithoutChange(
        publishedFile().put("conv_pw_14.weight", new float[2], 2),
        "found 'conv_pw_14.weight', which");
  }

  @Test
  void rejectsOtherShapes() {
    assertRejectedWithoutChange(
        publishedFile().put(CONV, new float[64], 32, 2, 1, 1),
        "tensor '%s' of shape [32, 32, 1, 1]; found [32, 2, 1, 1]");
  }

  @Test
  void rejectsOtherElementTypes() {
    assertRejectedWithoutChange(
        publishedFile().put(CONV, "I32", new byte[4 * 32 * 32], 32, 32, 1, 1),
        "tensor '%s' in F32, F16 or BF16");
  }

  @Test
  void rejectsNonFiniteValues() {
    float[] values = new float[32 * 32];
    values[77] = Float.NEGATIVE_INFINITY;
    assertRejectedWithoutChange(
        publishedFile().put(CONV, values, 32, 32, 1, 1),
        "tensor '%s'; found -Infinity as number 77");
  }

  @Test
  void rejectsWeightsOfAnotherWidth() throws IOException {
    Path file = write(publishedFile());
    Network other = BuiltInArchitecture.MOBILENET_V1_050.create(32);
    other.initialize(manager, DataType.FLOAT32, new Shape(1, 1, 32, 32));
    assertThatThrownBy(() -> PretrainedWeights.load(file, other))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("of shape [16, 3, 3, 3]; found [8, 3, 3, 3]");
  }

  private void assertRejectedWithoutChange(SafetensorsFile content, String message) {
    float[] before = array("conv1.weight").toFloatArray();
    assertThatThrownBy(() -> PretrainedWeights.load(write(content), network))
        .isExactlyInstanceOf(UserErrorException.class)
        .hasMessageMatching("(?s)Expected .+; found .+\\. [A-Z].+\\.")
        .hasMessageContaining(message.formatted(CONV))
        .hasMessageContaining("weights.safetensors");
    assertThat(array("conv1.weight").toFloatArray()).containsExactly(before, within(0f));
  }

  private SafetensorsFile publishedFile() {
    SafetensorsFile file = new SafetensorsFile();
    for (Map.Entry<String, Parameter> entry : network.pretrainedParameters().entrySet()) {
      file.put(
          entry.getKey(),
          randomValues(entry.getKey(), entry.getValue()),
          entry.getValue().getArray().getShape().getShape());
    }
    return file;
  }

  private static float[] randomValues(String name, Parameter parameter) {
    Random random = new Random(name.hashCode());
    float[] values = new float[(int) parameter.getArray().size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat();
    }
    return values;
  }

  private Parameter parameter(String name) {
    return Objects.requireNonNull(network.pretrainedParameters().get(name));
  }

  private NDArray array(String name) {
    return parameter(name).getArray();
  }

  private long[] shape(String name) {
    return array(name).getShape().getShape();
  }

  private Path write(SafetensorsFile content) throws IOException {
    return content.write(folder.resolve("weights.safetensors"));
  }

  private static NDArray headWeights(Network network) {
    return network.getParameters().valueAt(network.getParameters().size() - 2).getArray();
  }
}
