package dev.cxr.models.architecture;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.util.Pair;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The layers of a network, in order and grouped in named stages. The last stage is the head; those
 * before it are the backbone, which can be frozen and whose layers return feature maps.
 *
 * @since 0.1
 */
public final class NetworkDefinition {

  /** Before the last dense layer of every network with a pooled head. */
  private static final double POOLED_DROPOUT = .3;

  /** The layer that every network begins with. */
  static final String INPUT = "input";

  private static final String HEAD = "head";

  private final Map<String, Block> layers = new LinkedHashMap<>();
  private final List<Stage> stages = new ArrayList<>();
  private List<String> currentStageLayers = new ArrayList<>();

  /** An empty definition; {@link #stage} comes first. */
  public NetworkDefinition() {}

  /**
   * Takes any DJL block. The children of a plain {@link SequentialBlock} become layers: the
   * backbone ends with the last one that returns feature maps (N, C, h, w), and Grad-CAM explains
   * that layer. Any other block is a head of one layer, without Grad-CAM.
   *
   * @param block from (N, {@link InputSpec#channels()}, side, side) to (N, logits); its {@link
   *     Block#getOutputShapes} must work before it is initialized
   * @param input what the block is fed
   * @param outputs how many logits it must return
   * @return the definition of a network of that block alone
   * @throws IllegalArgumentException if the block returns another shape
   */
  public static NetworkDefinition of(Block block, InputSpec input, int outputs) {
    List<Pair<String, Block>> children = new ArrayList<>();
    if (block.getClass() == SequentialBlock.class) {
      block.getChildren().forEach(children::add);
    } else {
      children.add(new Pair<>("network", block));
    }
    int backbone = backboneLength(children, input, outputs);
    NetworkDefinition definition = new NetworkDefinition();
    for (int i = 0; i < children.size(); i++) {
      if (i == backbone) {
        definition.stage(HEAD);
      } else if (i == 0) {
        definition.stage("backbone");
      }
      definition.add(children.get(i).getKey(), children.get(i).getValue());
    }
    return definition;
  }

  private static int backboneLength(
      List<Pair<String, Block>> children, InputSpec input, int outputs) {
    Shape[] shapes = {new Shape(1, input.channels(), input.side(), input.side())};
    int length = 0;
    for (int i = 0; i < children.size(); i++) {
      shapes = children.get(i).getValue().getOutputShapes(shapes);
      if (shapes[0].dimension() == 4) {
        length = i + 1;
      }
    }
    Shape expected = new Shape(1, outputs);
    if (!shapes[0].equals(expected)) {
      throw new IllegalArgumentException(
          "a block that returns %s for one image, not %s".formatted(expected, shapes[0]));
    }
    return length;
  }

  /**
   * Begins a stage, which holds the layers added after it.
   *
   * @param name unique in the network
   * @return this
   */
  public NetworkDefinition stage(String name) {
    currentStageLayers = new ArrayList<>();
    stages.add(new Stage(name, currentStageLayers));
    return this;
  }

  /**
   * Adds a layer to the current stage.
   *
   * @param name unique in the network, other than {@code input}
   * @param layer a block with one input and one output
   * @return this
   * @throws IllegalArgumentException if there is another layer of that name
   * @throws IllegalStateException if no stage has begun
   */
  public NetworkDefinition add(String name, Block layer) {
    if (stages.isEmpty()) {
      throw new IllegalStateException("stage() before the first add()");
    }
    if (name.equals(INPUT) || layers.putIfAbsent(name, layer) != null) {
      throw new IllegalArgumentException("a layer name that is free, not '%s'".formatted(name));
    }
    currentStageLayers.add(name);
    return this;
  }

  /**
   * Adds the head of the ImageNet networks: global average pooling, dropout .3, dense.
   *
   * @param outputs how many logits
   * @return this
   */
  public NetworkDefinition pooledHead(int outputs) {
    return stage(HEAD)
        .add("avgpool", Layers.globalAveragePool())
        .add("dropout", Layers.dropout(POOLED_DROPOUT))
        .add("logits", Layers.dense(outputs));
  }

  Map<String, Block> layers() {
    return layers;
  }

  List<Stage> stages() {
    return stages.stream().map(s -> new Stage(s.name(), List.copyOf(s.layers()))).toList();
  }
}
