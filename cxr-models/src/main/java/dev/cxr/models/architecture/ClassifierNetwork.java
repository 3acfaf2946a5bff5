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
public final class ClassifierNetwork extends Network implements PredictionBlock {

  ClassifierNetwork(NetworkDefinition definition) {
    super(definition);
  }

  /** The layer before the last. */
  public String embeddingLayer() {
    return children.keyAt(children.size() - 2);
  }

  @Override
  public NDArray embed(ParameterStore parameters, NDArray images) {
    return forwardTo(parameters, images, embeddingLayer());
  }

  @Override
  public Optional<GradCamTarget> gradCamTarget(int classIndex) {
    return Optional.of(new GradCamTarget(this, logits -> classScore(logits, classIndex)));
  }

  /** A single logit speaks for the second of two classes. */
  private static NDArray classScore(NDArray logits, int classIndex) {
    if (logits.getShape().get(1) > 1) {
      return logits.get(":, " + classIndex);
    }
    NDArray positive = logits.get(":, 0");
    return classIndex == 1 ? positive : positive.neg();
  }
}
