package dev.cxr.models.architecture;

import ai.djl.ndarray.NDArray;
import ai.djl.training.ParameterStore;
import java.util.Optional;

/**
 * A network from pictures (N, 1, side, side) to logits (N, outputs), the last layer being dense.
 *
 * <p>Its embedding of a picture is what that dense layer is given: a vector as long for every
 * picture, taken at the same place in every architecture.
 */
public final class ClassifierNetwork extends Network implements Answering {

  ClassifierNetwork(Layout layout) {
    super(layout);
  }

  /** The layer before the last. */
  public String embeddingLayer() {
    return children.keyAt(children.size() - 2);
  }

  @Override
  public NDArray embed(ParameterStore parameters, NDArray pictures) {
    return run(parameters, pictures, embeddingLayer());
  }

  @Override
  public Optional<Evidence> evidence(int index) {
    return Optional.of(new Evidence(this, logits -> score(logits, index)));
  }

  /** A single logit speaks for the second of two classes. */
  private static NDArray score(NDArray logits, int index) {
    if (logits.getShape().get(1) > 1) {
      return logits.get(":, " + index);
    }
    NDArray second = logits.get(":, 0");
    return index == 1 ? second : second.neg();
  }
}
