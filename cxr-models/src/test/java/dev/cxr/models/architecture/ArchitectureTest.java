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
import dev.cxr.data.shell.Refusal;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArchitectureTest {

  private static final InputSpec IMAGENET =
      new InputSpec(32, List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225));

  @Test
  void binaryCnnAt224HasTheParametersOfTheNotebooksAndOneLogitAPicture() {
    try (NDManager manager = NDManager.newBaseManager()) {
      Block network = initialised(manager, Architecture.BINARY_CNN, InputSpec.gray(224));
      assertThat(trainable(network)).isEqualTo(6_811_841);

      NDArray logits = evaluate(network, pictures(manager, 2, 224));
      assertThat(logits.getShape()).isEqualTo(new Shape(2, 1));
      assertThat(logits.isNaN().any().getBoolean()).isFalse();
    }
  }

  @Test
  void resnet18HasTheParametersThatItsSummarySays() {
    try (NDManager manager = NDManager.newBaseManager()) {
      Block network = initialised(manager, Architecture.RESNET18, InputSpec.gray(64));
      assertThat(Architecture.RESNET18.summary()).contains("0.9 M");
      assertThat(trainable(network) / 1e6).isCloseTo(0.9, within(0.05));
    }
  }

  @ParameterizedTest
  @MethodSource("everyNetwork")
  void everyNetworkLearnsAStepAndAnswersWithFiniteNumbers(
      Architecture architecture, InputSpec input, MemoryFormat format) {
    try (Model model = Model.newInstance(architecture.id(), "PyTorch")) {
      model.setBlock(architecture.create(input, 1, format));
      var config = new DefaultTrainingConfig(Loss.sigmoidBinaryCrossEntropyLoss());
      try (Trainer trainer = model.newTrainer(config)) {
        trainer.initialize(new Shape(4, 1, 32, 32));
        NDArray pictures = pictures(trainer.getManager(), 4, 32);
        NDArray labels = trainer.getManager().create(new float[] {0, 1, 0, 1}, new Shape(4, 1));
        List<float[]> before = weights(model.getBlock());

        float loss;
        try (GradientCollector collector = trainer.newGradientCollector()) {
          NDArray logits = trainer.forward(new NDList(pictures)).singletonOrThrow();
          NDArray value = trainer.getLoss().evaluate(new NDList(labels), new NDList(logits));
          collector.backward(value);
          loss = value.getFloat();
        }
        trainer.step();

        assertThat(loss).isFinite().isPositive();
        List<float[]> after = weights(model.getBlock());
        assertThat(after).allSatisfy(array -> assertThat(array).doesNotContain(Float.NaN));
        assertThat(after.get(0)).as("weights of the first layer").isNotEqualTo(before.get(0));
        NDArray answer = trainer.evaluate(new NDList(pictures)).singletonOrThrow();
        assertThat(answer.getShape()).isEqualTo(new Shape(4, 1));
        assertThat(answer.abs().max().getFloat()).isFinite();
      }
    }
  }

  static Stream<Arguments> everyNetwork() {
    return Stream.of(Architecture.values())
        .flatMap(
            architecture ->
                Stream.of(InputSpec.gray(32), IMAGENET)
                    .flatMap(
                        input ->
                            Stream.of(MemoryFormat.values())
                                .map(format -> Arguments.of(architecture, input, format))));
  }

  @ParameterizedTest
  @EnumSource
  void memoryFormatsGiveTheSameAnswersWithTheSameWeights(Architecture architecture) {
    try (NDManager manager = NDManager.newBaseManager()) {
      for (InputSpec input : List.of(InputSpec.gray(32), IMAGENET)) {
        Block last = architecture.create(input, 1, MemoryFormat.CHANNELS_LAST);
        Block contiguous = architecture.create(input, 1, MemoryFormat.CONTIGUOUS);
        initialise(manager, last, 32);
        initialise(manager, contiguous, 32);
        copyWeights(last, contiguous);

        NDArray pictures = pictures(manager, 3, 32);
        float[] expected = evaluate(contiguous, pictures).toFloatArray();
        assertThat(evaluate(last, pictures).toFloatArray())
            .containsExactly(expected, within(1e-4f));
        assertThat(expected[0]).as("pictures differ").isNotEqualTo(expected[1]);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyArchitectureIsFoundByTheNameItIsListedUnder(Architecture architecture) {
    assertThat(Architecture.named(architecture.id())).isSameAs(architecture);
  }

  @ParameterizedTest
  @ValueSource(strings = {"resnet50", "", "BINARY_CNN", "binary-cnn "})
  void anUnknownNameIsRefusedWithTheNamesThereAre(String name) {
    assertThatThrownBy(() -> Architecture.named(name))
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.exitCode()).isEqualTo(2))
        .hasMessageContaining("binary-cnn, resnet18")
        .hasMessageContaining("'" + name + "'");
  }

  @Test
  void resnet18RefusesASideThatDjlCannotBuildItFor() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> Architecture.RESNET18.create(InputSpec.gray(28), 1, MemoryFormat.CHANNELS_LAST))
        .withMessage("a side of at least 29 pixels, not 28");
    try (NDManager manager = NDManager.newBaseManager()) {
      Block network = initialised(manager, Architecture.RESNET18, InputSpec.gray(29));
      assertThat(evaluate(network, pictures(manager, 1, 29)).getShape()).isEqualTo(new Shape(1, 1));
    }
  }

  private static Block initialised(NDManager manager, Architecture architecture, InputSpec input) {
    Block network = architecture.create(input, 1, MemoryFormat.CHANNELS_LAST);
    initialise(manager, network, input.side());
    return network;
  }

  private static void initialise(NDManager manager, Block network, int side) {
    network.initialize(manager, DataType.FLOAT32, new Shape(1, 1, side, side));
  }

  private static NDArray evaluate(Block network, NDArray pictures) {
    ParameterStore parameters = new ParameterStore(pictures.getManager(), false);
    return network.forward(parameters, new NDList(pictures), false).singletonOrThrow();
  }

  private static NDArray pictures(NDManager manager, int count, int side) {
    Engine.getEngine("PyTorch").setRandomSeed(11);
    return manager.randomUniform(0, 1, new Shape(count, 1, side, side));
  }

  private static long trainable(Block network) {
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
