package dev.cxr.models.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.util.Pair;
import dev.cxr.common.cli.UsageErrorException;
import dev.cxr.common.cli.UserErrorException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FreezingTest {

  private static final int SIDE = 32;

  @ParameterizedTest
  @CsvSource({
    "none, stage1 stage2 stage3 stage4 stage5 head",
    "1, stage2 stage3 stage4 stage5 head",
    "3, stage4 stage5 head",
    "5, head",
    "backbone, head"
  })
  void trainingStepChangesOnlyUnfrozenStages(String freezing, String learning) {
    Network network = BuiltInArchitecture.MOBILENET_V1_025.create(SIDE);
    network.freeze(Freezing.parse(freezing));
    assertThat(parametersChangedByOneStep(network, SIDE))
        .isEqualTo(parameterNamesOf(network, learning));
  }

  @Test
  void laterFreezeReplacesTheEarlierOne() {
    Network network = BuiltInArchitecture.MOBILENET_V1_025.create(SIDE);
    network.freeze(Freezing.BACKBONE);
    network.freeze(Freezing.NONE);
    assertThat(parametersChangedByOneStep(network, SIDE))
        .isEqualTo(parameterNamesOf(network, "stage1 stage2 stage3 stage4 stage5 head"));
  }

  @ParameterizedTest
  @EnumSource
  void frozenBackboneTrainsOnlyTheHead(BuiltInArchitecture architecture) {
    int side = Math.max(SIDE, architecture.minSide());
    Network network = architecture.create(side);
    network.freeze(Freezing.BACKBONE);
    Set<String> last =
        parameterNamesOf(network, network.stages().get(network.stages().size() - 1).name());
    assertThat(parametersChangedByOneStep(network, side)).isEqualTo(last);
  }

  @Test
  void frozenDropoutIsInactive() {
    Network network = BuiltInArchitecture.BINARY_CNN.create(SIDE);
    network.freeze(Freezing.BACKBONE);
    try (Model model = Model.newInstance("frozen", "PyTorch")) {
      model.setBlock(network);
      try (Trainer trainer = model.newTrainer(new DefaultTrainingConfig(Loss.l2Loss()))) {
        trainer.initialize(new Shape(2, 1, SIDE, SIDE));
        NDList images = new NDList(trainer.getManager().ones(new Shape(2, 1, SIDE, SIDE)));
        int backbone = network.getChildren().indexOf(network.featureMapLayer()) + 1;
        ParameterStore parameters = new ParameterStore(trainer.getManager(), false);
        NDArray training = network.forwardRange(parameters, images, true, 0, backbone).get(0);
        NDArray inference = network.forwardRange(parameters, images, false, 0, backbone).get(0);
        assertThat(training.toFloatArray()).isEqualTo(inference.toFloatArray());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "backbone", "1", "12"})
  void parsesItsOwnText(String text) {
    assertThat(Freezing.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "-1", "1.5", "head", "Backbone", "100"})
  void rejectsUnknownValues(String text) {
    assertThatThrownBy(() -> Freezing.parse(text))
        .isInstanceOf(UsageErrorException.class)
        .hasMessageContaining("found '" + text + "'");
  }

  @Test
  void rejectsMoreStagesThanTheBackboneHas() {
    Network network = BuiltInArchitecture.RESNET50.create(SIDE);
    assertThatThrownBy(() -> network.freeze(new Freezing(6)))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("1 to 5 stages to freeze, of stem, layer1, layer2, layer3, layer4")
        .hasMessageContaining("found 6");
  }

  /** The names of the layers whose numbers one step of learning changes. */
  private static Set<String> parametersChangedByOneStep(Network network, int side) {
    try (Model model = Model.newInstance("frozen", "PyTorch")) {
      model.setBlock(network);
      try (Trainer trainer = model.newTrainer(new DefaultTrainingConfig(Loss.l2Loss()))) {
        trainer.initialize(new Shape(4, 1, side, side));
        Map<String, float[]> before = parameterValues(network);
        NDArray images = trainer.getManager().randomUniform(0, 1, new Shape(4, 1, side, side));
        try (GradientCollector collector = trainer.newGradientCollector()) {
          NDList answers = trainer.forward(new NDList(images));
          collector.backward(
              trainer.getLoss().evaluate(new NDList(answers.get(0).onesLike()), answers));
        }
        trainer.step();
        Set<String> changed = new TreeSet<>();
        parameterValues(network)
            .forEach(
                (name, values) -> {
                  if (!Arrays.equals(values, before.get(name))) {
                    changed.add(name);
                  }
                });
        return changed;
      }
    }
  }

  private static Map<String, float[]> parameterValues(Network network) {
    Map<String, float[]> numbers = new LinkedHashMap<>();
    for (Pair<String, Parameter> parameter : network.getParameters()) {
      numbers.put(parameter.getKey(), parameter.getValue().getArray().toFloatArray());
    }
    return numbers;
  }

  private static Set<String> parameterNamesOf(Network network, String stages) {
    Set<String> names = new TreeSet<>();
    for (Stage stage : network.stages()) {
      if (List.of(stages.split(" ")).contains(stage.name())) {
        for (String layer : stage.layers()) {
          network
              .getChildren()
              .get(layer)
              .getParameters()
              .keys()
              .forEach(p -> names.add(layer + "_" + p));
        }
      }
    }
    return names;
  }
}
