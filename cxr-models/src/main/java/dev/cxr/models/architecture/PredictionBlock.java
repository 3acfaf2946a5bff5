package dev.cxr.models.architecture;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A block that predicts a task: from gray images (N, 1, side, side) float32 in [0, 1] to logits (N,
 * outputs).
 */
public interface PredictionBlock extends Block {

  /**
   * Computes embeddings, in inference mode.
   *
   * @param images (N, 1, side, side) float32 in [0, 1]
   * @param parameters where the block finds its parameters
   * @return (N, length), attached to the manager of the images
   */
  NDArray embed(ParameterStore parameters, NDArray images);

  /**
   * Computes probabilities; a single logit is that of the second of two classes.
   *
   * @param logits (N, outputs)
   * @return (N, classes), whose rows sum to 1
   */
  static NDArray probabilities(NDArray logits) {
    if (logits.getShape().get(1) > 1) {
      return logits.softmax(1);
    }
    NDArray positive = Activation.sigmoid(logits);
    return positive.neg().add(1).concat(positive, 1);
  }

  /**
   * Names what Grad-CAM has to explain for a class.
   *
   * @param classIndex in the order of the task's classes
   * @return empty if no network with feature maps decides
   */
  Optional<GradCamTarget> gradCamTarget(int classIndex);

  /**
   * The network and the score that Grad-CAM explains.
   *
   * @param network the one that decides for or against the class
   * @param score from its logits (N, outputs) to (N); a higher score makes the class more likely
   */
  record GradCamTarget(Network network, UnaryOperator<NDArray> score) {}
}
