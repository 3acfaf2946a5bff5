package dev.cxr.models.architecture;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.Pair;
import dev.cxr.common.cli.UsageErrorException;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.runtime.EngineDefaults;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Named layers in stages: the last stage is the head, those before it are the backbone that
 * pretrained weights fill.
 *
 * <p>Takes gray images (N, 1, side, side) float32 in [0, 1]; the layer {@code input} normalizes
 * them. {@code cxr-models summary} lists the layers; {@link #forwardTo} and {@link #forwardFrom}
 * run a part of them.
 */
public abstract class Network extends NamedSequentialBlock {

  static {
    EngineDefaults.prepare();
  }

  private final List<Stage> stages;
  private int frozenLayers;

  Network(NetworkDefinition definition, Block input) {
    add(NetworkDefinition.INPUT, input);
    definition.layers().forEach(this::add);
    List<Stage> all = new ArrayList<>(definition.stages());
    Stage first = all.get(0);
    List<String> layers = new ArrayList<>(List.of(NetworkDefinition.INPUT));
    layers.addAll(first.layers());
    all.set(0, new Stage(first.name(), List.copyOf(layers)));
    stages = List.copyOf(all);
  }

  /** {@return the stages in order; the last is not part of the backbone} */
  public final List<Stage> stages() {
    return stages;
  }

  /** {@return whether the network has a backbone, whose layers return feature maps} */
  public final boolean hasFeatureMaps() {
    return stages.size() > 1;
  }

  /**
   * {@return the last layer of the backbone, which returns the last feature maps}
   *
   * @throws UserErrorException if there is no backbone
   */
  public final String featureMapLayer() {
    if (!hasFeatureMaps()) {
      throw UserErrorException.of(
          "a network with a backbone that returns feature maps",
          "one whose only stage is '%s'".formatted(stages.get(0).name()),
          "Define the architecture as a plain SequentialBlock, or in stages.");
    }
    List<String> layers = stages.get(stages.size() - 2).layers();
    return layers.get(layers.size() - 1);
  }

  /**
   * Runs the backbone, in inference mode.
   *
   * @param images (N, 1, side, side) float32 in [0, 1]
   * @param parameters where the block finds its parameters
   * @return (N, C, h, w), attached to the manager of the images
   */
  public final NDArray featureMap(ParameterStore parameters, NDArray images) {
    return forwardTo(parameters, images, featureMapLayer());
  }

  /**
   * Runs the network up to a layer, in inference mode.
   *
   * @param images (N, 1, side, side) float32 in [0, 1]
   * @param layer the last layer to run
   * @param parameters where the block finds its parameters
   * @return its output, attached to the manager of the images
   * @throws UserErrorException if there is no layer of that name
   */
  public final NDArray forwardTo(ParameterStore parameters, NDArray images, String layer) {
    return forwardRange(parameters, images, 0, indexOf(layer) + 1);
  }

  /**
   * Runs the network up to a layer, in inference mode, and averages maps over their positions.
   *
   * @param images (N, 1, side, side) float32 in [0, 1]
   * @param layer the last layer to run
   * @param parameters where the block finds its parameters
   * @return (N, C), attached to the manager of the images
   * @throws UserErrorException if there is no layer of that name
   */
  public final NDArray pooledOutput(ParameterStore parameters, NDArray images, String layer) {
    NDArray output = forwardTo(parameters, images, layer);
    Shape shape = output.getShape();
    return shape.dimension() == 4
        ? output.reshape(shape.get(0), shape.get(1), -1).mean(new int[] {2})
        : output;
  }

  /**
   * Computes the feature maps of a layer, in inference mode.
   *
   * @param images (N, 1, side, side) float32 in [0, 1]
   * @param parameters where the block finds its parameters
   * @param layer one that returns maps
   * @return (N, C, h, w), attached to the manager of the images
   * @throws UserErrorException if there is no layer of that name, or it returns no maps
   */
  public final NDArray featureMaps(ParameterStore parameters, NDArray images, String layer) {
    NDArray maps = forwardTo(parameters, images, layer);
    if (maps.getShape().dimension() != 4) {
      throw UsageErrorException.of(
          "a layer that returns feature maps (N, C, h, w)",
          "'%s', which returns %s".formatted(layer, maps.getShape()),
          "Choose a layer of the backbone; `cxr-models summary` lists them.");
    }
    return maps;
  }

  /**
   * The output of a layer, given that of an earlier one; nothing is learned.
   *
   * @param output of the layer {@code after}
   * @param after the name of the last layer that is not run again
   * @param layer the name of the last layer to run
   * @param parameters where the block finds its parameters
   * @return its output, attached to the manager of {@code output}
   * @throws UserErrorException if there is no layer of that name
   */
  public final NDArray forwardBetween(
      ParameterStore parameters, NDArray output, String after, String layer) {
    return forwardRange(parameters, output, indexOf(after) + 1, indexOf(layer) + 1);
  }

  /**
   * Runs the network from behind a layer to the end, in inference mode; gradients can be collected.
   *
   * @param output of the layer {@code afterLayer}
   * @param afterLayer the layer whose successor runs first
   * @param parameters where the block finds its parameters
   * @return logits (N, outputs), or images of an autoencoder
   * @throws UserErrorException if there is no layer of that name
   */
  public final NDArray forwardFrom(ParameterStore parameters, NDArray output, String afterLayer) {
    return forwardRange(parameters, output, indexOf(afterLayer) + 1, children.size());
  }

  private NDArray forwardRange(ParameterStore parameters, NDArray input, int from, int to) {
    return forwardRange(parameters, new NDList(input), false, from, to).singletonOrThrow();
  }

  /**
   * Chooses the stages that are not trained, replacing an earlier choice. They keep their
   * parameters and BatchNorm statistics and run in inference mode while the rest trains.
   *
   * @param freezing the stages to freeze
   * @throws UserErrorException if the backbone has fewer stages
   */
  public final void freeze(Freezing freezing) {
    frozenLayers =
        stages.subList(0, frozenStages(freezing)).stream()
            .mapToInt(stage -> stage.layers().size())
            .sum();
    for (int layer = 0; layer < children.size(); layer++) {
      for (Parameter parameter : children.valueAt(layer).getParameters().values()) {
        switch (parameter.getType()) {
          case WEIGHT, BIAS, GAMMA, BETA -> parameter.freeze(!isTrainable(layer));
          case RUNNING_MEAN, RUNNING_VAR, OTHER -> {}
        }
      }
    }
  }

  private int frozenStages(Freezing freezing) {
    int backbone = stages.size() - 1;
    if (freezing.equals(Freezing.BACKBONE)) {
      return backbone;
    }
    if (freezing.stages() > backbone) {
      throw UsageErrorException.of(
          "1 to %d stages to freeze, of %s"
              .formatted(
                  backbone, stages.stream().map(Stage::name).collect(Collectors.joining(", "))),
          freezing.toString(),
          "Choose fewer, or 'none'.");
    }
    return freezing.stages();
  }

  /**
   * Chooses the precision of training.
   *
   * @param precision of convolutions
   * @throws UserErrorException if the network has no convolution that supports it
   */
  public final void setTrainingPrecision(TrainingPrecision precision) {
    List<MixedPrecisionConv2d> convolutions = convolutions(this).toList();
    if (convolutions.isEmpty() && precision != TrainingPrecision.FLOAT32) {
      throw UsageErrorException.of(
          "a network of cxr's own convolutions for the precision " + precision,
          "a network without one",
          "Train it with --set precision=float32.");
    }
    convolutions.forEach(convolution -> convolution.setTrainingPrecision(precision));
  }

  private static Stream<MixedPrecisionConv2d> convolutions(Block block) {
    return block instanceof MixedPrecisionConv2d convolution
        ? Stream.of(convolution)
        : block.getChildren().values().stream().flatMap(Network::convolutions);
  }

  /** {@return the parameters of the backbone under the names of published weights} */
  public final Map<String, Parameter> pretrainedParameters() {
    Map<String, Parameter> parameters = new LinkedHashMap<>();
    for (Pair<String, Block> layer : children.subList(0, indexOf(featureMapLayer()) + 1)) {
      addParameters(layer.getKey() + ".", layer.getValue(), parameters);
    }
    return parameters;
  }

  /** Under PyTorch's names, the paths through the blocks: {@code layer1.0.bn2.running_var}. */
  private static void addParameters(String path, Block block, Map<String, Parameter> parameters) {
    for (Parameter parameter : block.getDirectParameters().values()) {
      String name =
          switch (parameter.getType()) {
            case WEIGHT, GAMMA -> "weight";
            case BIAS, BETA -> "bias";
            case RUNNING_MEAN -> "running_mean";
            case RUNNING_VAR -> "running_var";
            case OTHER -> parameter.getName();
          };
      if (parameters.put(path + name, parameter) != null) {
        throw new IllegalStateException("two parameters of one name: " + path + name);
      }
    }
    for (Pair<String, Block> child : block.getChildren()) {
      String name = child.getKey();
      addParameters(name.isEmpty() ? path : path + name + ".", child.getValue(), parameters);
    }
  }

  /**
   * {@return the layer of that name}
   *
   * @param name of the layer
   * @throws UserErrorException if there is none
   */
  public final Block layer(String name) {
    return children.valueAt(indexOf(name));
  }

  private int indexOf(String layer) {
    int index = children.indexOf(layer);
    if (index < 0) {
      throw UsageErrorException.of(
          "a layer of " + String.join(", ", children.keys()),
          "'" + layer + "'",
          "Choose one of those.");
    }
    return index;
  }

  @Override
  final boolean isTrainable(int layer) {
    return layer >= frozenLayers;
  }
}
