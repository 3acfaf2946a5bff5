package dev.cxr.models.architecture;

import ai.djl.nn.Block;
import java.util.ArrayList;
import java.util.List;

/** A network on paper: its layers in order, cut into named stages. */
final class Layout {

  /** Before the last dense layer of every network with a pooled head. */
  private static final double POOLED_DROPOUT = .3;

  record Layer(String name, Block block) {}

  private final List<Layer> layers = new ArrayList<>();
  private final List<Stage> stages = new ArrayList<>();
  private List<String> open = new ArrayList<>();

  /** Adds the layers of one stage. */
  interface StageMaker {
    void add(Layout layout, int stage);
  }

  /** So many stages, which are called by their numbers from 1; the input is in the first. */
  static Layout numbered(Block input, int count, StageMaker maker) {
    Layout layout = new Layout();
    for (int stage = 1; stage <= count; stage++) {
      layout.stage("stage" + stage);
      if (stage == 1) {
        layout.add("input", input);
      }
      maker.add(layout, stage);
    }
    return layout;
  }

  /** Begins a stage: the layers that follow are in it. */
  Layout stage(String name) {
    open = new ArrayList<>();
    stages.add(new Stage(name, open));
    return this;
  }

  /** Adds a layer under a name of its own. */
  Layout add(String name, Block block) {
    layers.add(new Layer(name, block));
    open.add(name);
    return this;
  }

  /**
   * The head of the ImageNet networks, made afresh: global average pooling, dropout .3, dense.
   *
   * @param outputs how many logits
   */
  Layout pooledHead(int outputs) {
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
