package dev.cxr.models.architecture;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import dev.cxr.common.cli.UserErrorException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A network: named layers, cut into stages, of which the last is what the task needs and those
 * before it, the backbone, are what pretrained weights fill.
 *
 * <p>It takes gray pictures (N, 1, side, side) float32 in [0, 1]. Its layers, {@link #stages()} of
 * names, are what {@code cxr-models summary} prints; {@link #forwardTo} and {@link #forwardFrom}
 * cut it at any of them.
 */
public abstract sealed class Network extends NamedSequentialBlock
    permits ClassifierNetwork, AutoencoderNetwork {

  private final List<Stage> stages;
  private int frozenLayers;

  Network(NetworkDefinition definition) {
    for (NetworkDefinition.Layer layer : definition.layers()) {
      children.add(layer.name(), layer.block());
    }
    stages = definition.stages();
  }

  /** The stages in order; the last is no part of the backbone. */
  public final List<Stage> stages() {
    return stages;
  }

  /** The backbone's last layer, whose output is the last convolutional feature map. */
  public final String featureMapLayer() {
    List<String> layers = stages.get(stages.size() - 2).layers();
    return layers.get(layers.size() - 1);
  }

  /**
   * What the last convolutional layer, with what normalises, activates and pools it, makes of
   * pictures: {@link #forwardTo} up to {@link #featureMapLayer()}.
   *
   * @param images (N, 1, side, side) float32 in [0, 1]
   * @return (N, C, h, w), attached to the pictures' manager
   */
  public final NDArray featureMap(ParameterStore parameters, NDArray images) {
    return forwardTo(parameters, images, featureMapLayer());
  }

  /**
   * What a layer makes of pictures, nothing learned: dropout and BatchNorm infer.
   *
   * @param images (N, 1, side, side) float32 in [0, 1]
   * @param layer the name of the last layer to run
   * @return its output, attached to the pictures' manager
   * @throws UserErrorException if there is no layer of that name
   */
  public final NDArray forwardTo(ParameterStore parameters, NDArray images, String layer) {
    return forwardRange(parameters, new NDList(images), false, 0, indexOf(layer) + 1)
        .singletonOrThrow();
  }

  /**
   * The feature maps of a layer: {@link #forwardTo} up to it.
   *
   * @param images (N, 1, side, side) float32 in [0, 1]
   * @return (N, C, h, w), attached to the pictures' manager
   * @throws UserErrorException if there is no layer of that name, or it gives no maps
   */
  public final NDArray featureMaps(ParameterStore parameters, NDArray images, String layer) {
    NDArray maps = forwardTo(parameters, images, layer);
    if (maps.getShape().dimension() != 4) {
      throw UserErrorException.ofUsage(
          "a layer that gives feature maps (N, C, h, w)",
          "'%s', which gives %s".formatted(layer, maps.getShape()),
          "Choose one of the backbone's; `cxr-models summary` lists them.");
    }
    return maps;
  }

  /**
   * What the network answers, given what {@link #forwardTo} up to a layer gave; nothing is learned,
   * but gradients can be taken.
   *
   * @param output of the layer {@code after}
   * @param afterLayer the name of the last layer that is not run again
   * @throws UserErrorException if there is no layer of that name
   */
  public final NDArray forwardFrom(ParameterStore parameters, NDArray output, String afterLayer) {
    return forwardRange(
            parameters, new NDList(output), false, indexOf(afterLayer) + 1, children.size())
        .singletonOrThrow();
  }

  /**
   * Decides which stages learn, in place of what was decided before. What does not learn keeps its
   * parameters and the statistics of its BatchNorm, and runs as in inference while the rest trains.
   *
   * @throws UserErrorException if the backbone has not as many stages
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
    if (freezing instanceof Freezing.FirstStages first) {
      if (first.count() < 1 || first.count() > backbone) {
        throw UserErrorException.ofUsage(
            "1 to %d stages to freeze, of %s"
                .formatted(
                    backbone, stages.stream().map(Stage::name).collect(Collectors.joining(", "))),
            String.valueOf(first.count()),
            "Choose fewer.");
      }
      return first.count();
    }
    return freezing instanceof Freezing.Backbone ? backbone : 0;
  }

  /** The backbone's parameters under the names that published weights give them. */
  public final Map<String, Parameter> pretrainedParameters() {
    return PretrainedParameterNames.of(children.subList(0, indexOf(featureMapLayer()) + 1));
  }

  /**
   * A layer, to look at what it holds.
   *
   * @throws UserErrorException if there is none of that name
   */
  public final Block layer(String name) {
    return children.valueAt(indexOf(name));
  }

  private int indexOf(String layer) {
    int index = children.indexOf(layer);
    if (index < 0) {
      throw UserErrorException.ofUsage(
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
