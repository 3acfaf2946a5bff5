package dev.cxr.models.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import dev.cxr.common.cli.UsageErrorException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NetworkTest {

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTOENCODER")
  void logitsAreALinearFunctionOfTheEmbedding(BuiltInArchitecture architecture) {
    int side = Math.max(32, architecture.minSide());
    try (NDManager manager = NDManager.newBaseManager()) {
      ClassifierNetwork network =
          architecture.create(architecture.input(side), 2, MemoryFormat.CHANNELS_LAST);
      initialize(manager, network, side);
      ParameterStore parameters = new ParameterStore(manager, false);
      NDArray images = randomImages(manager, 3, side);
      float[] logits = forward(parameters, network, images);

      NDArray embedding = network.embed(parameters, images);
      assertThat(embedding.getShape().dimension()).isEqualTo(2);
      assertThat(embedding.getShape().get(0)).isEqualTo(3);
      int last = network.getParameters().size() - 1;
      NDArray weight = network.getParameters().valueAt(last - 1).getArray();
      NDArray bias = network.getParameters().valueAt(last).getArray();
      NDArray linear = embedding.dot(weight.transpose()).add(bias);
      assertThat(linear.toFloatArray()).containsExactly(logits, within(1e-4f));
    }
  }

  @ParameterizedTest
  @EnumSource
  void forwardToAndForwardFromEqualForward(BuiltInArchitecture architecture) {
    int side = Math.max(32, architecture.minSide());
    try (NDManager manager = NDManager.newBaseManager()) {
      Network network = architecture.create(side);
      initialize(manager, network, side);
      ParameterStore parameters = new ParameterStore(manager, false);
      NDArray images = randomImages(manager, 1, side);
      float[] expected = forward(parameters, network, images);

      List<String> layers = network.getChildren().keys();
      assertThat(network.stages())
          .flatExtracting(Stage::layers)
          .isEqualTo(layers)
          .doesNotHaveDuplicates();
      assertThat(network.stages()).extracting(Stage::name).doesNotHaveDuplicates();
      assertThat(network.stages().get(network.stages().size() - 1).name()).isIn("head", "decoder");
      for (int i = 0; i < layers.size(); i += Math.max(1, layers.size() / 5)) {
        try (NDManager scope = manager.newSubManager()) {
          scope.tempAttachAll(images);
          NDArray output = network.forwardTo(parameters, images, layers.get(i));
          assertThat(network.forwardFrom(parameters, output, layers.get(i)).toFloatArray())
              .as(layers.get(i))
              .isEqualTo(expected);
        }
      }
      NDArray map = network.featureMap(parameters, images);
      assertThat(map.getShape().dimension()).isEqualTo(4);
      assertThat(network.forwardFrom(parameters, map, network.featureMapLayer()).toFloatArray())
          .isEqualTo(expected);
    }
  }

  @Test
  void rejectsUnknownLayers() {
    try (NDManager manager = NDManager.newBaseManager()) {
      Network network = BuiltInArchitecture.RESNET50.create(32);
      initialize(manager, network, 32);
      ParameterStore parameters = new ParameterStore(manager, false);
      NDArray images = randomImages(manager, 1, 32);
      assertThatThrownBy(() -> network.forwardTo(parameters, images, "layer5"))
          .isInstanceOf(UsageErrorException.class)
          .hasMessageContaining("layer4.1, layer4.2, avgpool")
          .hasMessageContaining("found 'layer5'");
    }
  }

  /** Behind global average pooling, the gradient of a logit is its weights over the map's size. */
  @Test
  void gradientOfLogitReachesFeatureMap() {
    try (NDManager manager = NDManager.newBaseManager()) {
      ClassifierNetwork network =
          BuiltInArchitecture.MOBILENET_V1_025.create(
              InputSpec.minusOneToOne(96), 2, MemoryFormat.CHANNELS_LAST);
      initialize(manager, network, 96);
      ParameterStore parameters = new ParameterStore(manager, false);
      NDArray images = randomImages(manager, 1, 96);
      NDArray map = network.featureMap(parameters, images).stopGradient();
      map.setRequiresGradient(true);
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        NDArray answer = network.forwardFrom(parameters, map, network.featureMapLayer());
        collector.backward(answer.get(":, 1").sum());
      }
      NDArray gradient = map.getGradient();
      assertThat(gradient.getShape()).isEqualTo(new Shape(1, 256, 3, 3));
      int last = network.getParameters().size() - 1;
      float[] weights =
          network.getParameters().valueAt(last - 1).getArray().get(1).div(9).toFloatArray();
      for (int y = 0; y < 3; y++) {
        assertThat(gradient.get(0).get(":, " + y + ", 2").toFloatArray())
            .containsExactly(weights, within(1e-7f));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void forwardFreesIntermediateArrays(BuiltInArchitecture architecture) {
    int side = Math.max(32, architecture.minSide());
    try (NDManager manager = NDManager.newBaseManager();
        NDManager scope = manager.newSubManager()) {
      Network network = architecture.create(side);
      initialize(manager, network, side);
      ParameterStore parameters = new ParameterStore(manager, false);
      NDArray images = randomImages(scope, 2, side);
      NDArray answer = network.forward(parameters, new NDList(images), false).get(0);
      assertThat(scope.getManagedArrays())
          .extracting(NDArray::getUid)
          .containsExactlyInAnyOrder(images.getUid(), answer.getUid());
    }
  }

  private static float[] forward(ParameterStore parameters, Network network, NDArray images) {
    return network.forward(parameters, new NDList(images), false).get(0).toFloatArray();
  }

  private static void initialize(NDManager manager, Network network, int side) {
    network.initialize(manager, DataType.FLOAT32, new Shape(1, 1, side, side));
  }

  private static NDArray randomImages(NDManager manager, int count, int side) {
    Engine.getEngine("PyTorch").setRandomSeed(11);
    return manager.randomUniform(0, 1, new Shape(count, 1, side, side));
  }
}
