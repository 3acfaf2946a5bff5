package dev.cxr.models.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.ParameterList;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import dev.cxr.common.cli.UsageErrorException;
import dev.cxr.common.cli.UserErrorException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArchitectureTest {

  @ParameterizedTest
  @EnumSource
  void parameterCountMatchesTheListedOne(BuiltInArchitecture architecture) {
    try (NDManager manager = NDManager.newBaseManager()) {
      Network network = initializedNetwork(manager, architecture, architecture.defaultSide());
      assertThat(trainableParameterCount(network)).isEqualTo(architecture.parameterCount());
    }
  }

  @ParameterizedTest
  @EnumSource
  void trainingStepKeepsOutputsFinite(BuiltInArchitecture architecture) {
    int side = side(architecture);
    Network network = architecture.create(side);
    try (Model model = Model.newInstance(architecture.id(), "PyTorch")) {
      model.setBlock(network);
      try (Trainer trainer = model.newTrainer(new DefaultTrainingConfig(Loss.l2Loss()))) {
        trainer.initialize(new Shape(4, 1, side, side));
        NDArray images = randomImages(trainer.getManager(), 4, side);
        Shape expected = outputShape(architecture, 4, side);
        NDArray wanted = trainer.getManager().ones(expected);
        List<float[]> before = weights(network);

        float loss;
        try (GradientCollector collector = trainer.newGradientCollector()) {
          NDList answers = trainer.forward(new NDList(images));
          NDArray value = trainer.getLoss().evaluate(new NDList(wanted), answers);
          collector.backward(value);
          loss = value.getFloat();
        }
        trainer.step();

        assertThat(loss).isFinite().isPositive();
        List<float[]> after = weights(network);
        assertThat(after).allSatisfy(array -> assertThat(array).doesNotContain(Float.NaN));
        assertThat(after.get(0)).as("weights of the first layer").isNotEqualTo(before.get(0));
        NDArray answer = trainer.evaluate(new NDList(images)).singletonOrThrow();
        assertThat(answer.getShape()).isEqualTo(expected);
        assertThat(answer.abs().max().getFloat()).isFinite();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTOENCODER")
  void memoryFormatsGiveTheSameOutputs(BuiltInArchitecture architecture) {
    int side = side(architecture);
    try (NDManager manager = NDManager.newBaseManager()) {
      InputSpec input = architecture.input(side);
      Network last = architecture.create(input, 1, MemoryFormat.CHANNELS_LAST);
      Network contiguous = architecture.create(input, 1, MemoryFormat.CONTIGUOUS);
      initialize(manager, last, side);
      initialize(manager, contiguous, side);
      copyWeights(last, contiguous);

      NDArray images = randomImages(manager, 3, side);
      float[] expected = evaluate(contiguous, images).toFloatArray();
      float tolerance = 1e-5f * Math.max(10, Math.abs(expected[0]));
      assertThat(evaluate(last, images).toFloatArray())
          .containsExactly(expected, within(tolerance));
      assertThat(expected[0]).as("pictures differ").isNotEqualTo(expected[1]);
    }
  }

  @ParameterizedTest
  @EnumSource
  void rejectsSidesBelowTheMinimum(BuiltInArchitecture architecture) {
    int smallest = architecture.minSide();
    try (NDManager manager = NDManager.newBaseManager()) {
      Network network = initializedNetwork(manager, architecture, smallest);
      assertThat(evaluate(network, randomImages(manager, 1, smallest)).getShape())
          .isEqualTo(outputShape(architecture, 1, smallest));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> architecture.create(smallest - 1))
        .withMessageContaining("not " + (smallest - 1));
  }

  @ParameterizedTest
  @EnumSource
  void findsArchitecturesByName(BuiltInArchitecture architecture) {
    assertThat(Architectures.forName(architecture.id())).isSameAs(architecture);
  }

  @ParameterizedTest
  @ValueSource(strings = {"resnet", "", "BINARY_CNN", "binary-cnn "})
  void rejectsUnknownNames(String name) {
    assertThatThrownBy(() -> Architectures.forName(name))
        .isInstanceOf(UsageErrorException.class)
        .hasMessageContaining("binary-cnn, three-class-cnn")
        .hasMessageContaining("'" + name + "'");
  }

  @Test
  void rejectsArchitecturesOfTheWrongKind() {
    InputSpec input = InputSpec.gray(32);
    assertThatThrownBy(
            () -> BuiltInArchitecture.AUTOENCODER.create(input, 1, MemoryFormat.CHANNELS_LAST))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("a classifier architecture; found 'autoencoder'");
    assertThatThrownBy(
            () -> BuiltInArchitecture.VGG16.createAutoencoder(input, MemoryFormat.CHANNELS_LAST))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("an autoencoder architecture; found 'vgg16'");
  }

  /** What a batch is answered with. */
  private static Shape outputShape(Architecture architecture, int count, int side) {
    return switch (architecture.kind()) {
      case CLASSIFIER -> new Shape(count, architecture.defaultOutputs());
      case AUTOENCODER -> new Shape(count, 1, side, side);
    };
  }

  /** Small, but large enough for BatchNorm to learn from a batch. */
  private static int side(Architecture architecture) {
    return Math.max(32, architecture.minSide());
  }

  private static Network initializedNetwork(
      NDManager manager, Architecture architecture, int side) {
    Network network = architecture.create(side);
    initialize(manager, network, side);
    return network;
  }

  private static void initialize(NDManager manager, Block network, int side) {
    network.initialize(manager, DataType.FLOAT32, new Shape(1, 1, side, side));
  }

  private static NDArray evaluate(Block network, NDArray images) {
    ParameterStore parameters = new ParameterStore(images.getManager(), false);
    return network.forward(parameters, new NDList(images), false).singletonOrThrow();
  }

  private static NDArray randomImages(NDManager manager, int count, int side) {
    Engine.getEngine("PyTorch").setRandomSeed(11);
    return manager.randomUniform(0, 1, new Shape(count, 1, side, side));
  }

  private static long trainableParameterCount(Block network) {
    return network.getParameters().values().stream()
        .filter(Parameter::requiresGradient)
        .mapToLong(parameter -> parameter.getArray().size())
        .sum();
  }

  private static List<float[]> weights(Block network) {
    return network.getParameters().values().stream()
        .map(parameter -> parameter.getArray().toFloatArray())
        .toList();
  }

  private static void copyWeights(Block from, Block to) {
    ParameterList source = from.getParameters();
    ParameterList target = to.getParameters();
    assertThat(target.keys()).isEqualTo(source.keys());
    for (int i = 0; i < source.size(); i++) {
      source.valueAt(i).getArray().copyTo(target.valueAt(i).getArray());
    }
  }
}
