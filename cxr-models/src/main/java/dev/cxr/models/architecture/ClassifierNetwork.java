package dev.cxr.models.architecture;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import java.util.Optional;

/**
 * A network from gray images (N, 1, side, side) float32 in [0, 1] to logits (N, outputs).
 *
 * <p>The embedding of an image is the output of the {@linkplain #embeddingLayer() embedding layer}.
 */
public final class ClassifierNetwork extends Network implements PredictionBlock {

  ClassifierNetwork(NetworkDefinition definition, Block input) {
    super(definition, input);
  }

  /** {@return the layer before the last, or the only one} */
  public String embeddingLayer() {
    return children.keyAt(Math.max(1, children.size() - 2));
  }

  /** The output of the embedding layer; (N, C, h, w) is averaged over positions to (N, C). */
  @Override
  public NDArray embed(ParameterStore parameters, NDArray images) {
    return pooledOutput(parameters, images, embeddingLayer());
  }

  @Override
  public Optional<GradCamTarget> gradCamTarget(int classIndex) {
    return hasFeatureMaps()
        ? Optional.of(new GradCamTarget(this, logits -> classScore(logits, classIndex)))
        : Optional.empty();
  }

  /** A single logit is that of the second of two classes. */
  private static NDArray classScore(NDArray logits, int classIndex) {
    if (logits.getShape().get(1) > 1) {
      return logits.get(":, " + classIndex);
    }
    NDArray positive = logits.get(":, 0");
    return classIndex == 1 ? positive : positive.neg();
  }
}
