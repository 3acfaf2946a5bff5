package dev.cxr.models.architecture;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A block that answers a task, from gray pictures (N, 1, side, side) float32 in [0, 1] to the
 * task's logits (N, outputs), and that can be looked into.
 */
public interface PredictionBlock extends Block {

  /**
   * The embeddings of pictures, nothing learned.
   *
   * @param images (N, 1, side, side) float32 in [0, 1]
   * @return (N, length of an embedding), attached to the pictures' manager
   */
  NDArray embed(ParameterStore parameters, NDArray images);

  /**
   * Where the evidence for a class is to be found.
   *
   * @param classIndex of the class in the order of the task's classes
   * @return empty if no classifying network decides
   */
  Optional<GradCamTarget> gradCamTarget(int classIndex);

  /**
   * A network, and what it says for a class.
   *
   * @param network the one that says most about the class
   * @param score from its logits (N, outputs) to (N), the more the likelier the class
   */
  record GradCamTarget(ClassifierNetwork network, UnaryOperator<NDArray> score) {}
}
