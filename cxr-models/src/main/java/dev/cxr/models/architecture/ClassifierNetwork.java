package dev.cxr.models.architecture;

import ai.djl.ndarray.NDArray;
import ai.djl.training.ParameterStore;

/**
 * A network from pictures (N, 1, side, side) to logits (N, outputs), the last layer being dense.
 *
 * <p>Its embedding of a picture is what that dense layer is given: a vector as long for every
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
}
