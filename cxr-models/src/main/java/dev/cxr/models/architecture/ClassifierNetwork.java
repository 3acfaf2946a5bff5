package dev.cxr.models.architecture;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;

/**
 * A network from pictures (N, 1, side, side) to logits (N, outputs), the last layer being dense
 * unless another was put {@link #withHead in its place}.
 *
 * <p>Its embedding of a picture is what that last layer is given: a vector as long for every
 * picture, taken at the same place in every architecture.
 */
public final class ClassifierNetwork extends Network {

  ClassifierNetwork(Layout layout) {
    super(layout);
  }

  /** The layer before the last. */
  public String embeddingLayer() {
    return children.keyAt(children.size() - 2);
  }

  /**
   * The embeddings of pictures, nothing learned.
   *
   * @param pictures (N, 1, side, side) float32 in [0, 1]
   * @return (N, length of an embedding), attached to the pictures' manager
   */
  public NDArray embed(ParameterStore parameters, NDArray pictures) {
    return run(parameters, pictures, embeddingLayer());
  }

  /**
   * The same layers but for the last, and another in its place. The layers are shared: both
   * networks have one set of parameters up to there.
   */
  public ClassifierNetwork withHead(String name, Block head) {
    return new ClassifierNetwork(layout(children.size() - 1).add(name, head));
  }

  /** The same layers, shared, and one more behind the last. */
  public ClassifierNetwork followedBy(String name, Block layer) {
    return new ClassifierNetwork(layout(children.size()).add(name, layer));
  }

  /** The first layers, in their stages. */
  private Layout layout(int layers) {
    Layout layout = new Layout();
    int done = 0;
    for (Stage stage : stages()) {
      layout.stage(stage.name());
      for (String layer : stage.layers()) {
        if (done < layers) {
          layout.add(layer, children.valueAt(done));
        }
        done++;
      }
    }
    return layout;
  }
}
