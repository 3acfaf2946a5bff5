package dev.cxr.models.architecture;

import ai.djl.nn.Block;
import java.util.ArrayList;
import java.util.List;

/** A network on paper: its layers in order, cut into named stages. */
final class NetworkDefinition {

  /** Before the last dense layer of every network with a pooled head. */
  private static final double POOLED_DROPOUT = .3;

  record Layer(String name, Block block) {}

  private final List<Layer> layers = new ArrayList<>();
  private final List<Stage> stages = new ArrayList<>();
  private List<String> currentStageLayers = new ArrayList<>();

  /** Adds the layers of one stage. */
  interface StageDefinition {
    void add(NetworkDefinition definition, int stage);
  }

  /** So many stages, which are called by their numbers from 1; the input is in the first. */
  static NetworkDefinition ofNumberedStages(
      Block input, int count, StageDefinition stageDefinition) {
    NetworkDefinition definition = new NetworkDefinition();
    for (int stage = 1; stage <= count; stage++) {
      definition.stage("stage" + stage);
      if (stage == 1) {
        definition.add("input", input);
      }
      stageDefinition.add(definition, stage);
    }
    return definition;
  }

  /** Begins a stage: the layers that follow are in it. */
  NetworkDefinition stage(String name) {
    currentStageLayers = new ArrayList<>();
    stages.add(new Stage(name, currentStageLayers));
    return this;
  }

  /** Adds a layer under a name of its own. */
  NetworkDefinition add(String name, Block block) {
    layers.add(new Layer(name, block));
    currentStageLayers.add(name);
    return this;
  }

  /**
   * The head of the ImageNet networks, made afresh: global average pooling, dropout .3, dense.
   *
   * @param outputs how many logits
   */
  NetworkDefinition pooledHead(int outputs) {
    return stage("head")
        .add("avgpool", Layers.globalAveragePool())
        .add("dropout", Layers.dropout(POOLED_DROPOUT))
        .add("logits", Layers.dense(outputs));
  }

  List<Layer> layers() {
    return layers;
  }

  List<Stage> stages() {
    return stages.stream().map(s -> new Stage(s.name(), List.copyOf(s.layers()))).toList();
  }
}
