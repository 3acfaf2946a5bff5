package dev.cxr.models.composition;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import dev.cxr.models.architecture.PredictionBlock;
import java.util.Optional;

/** Flip test-time augmentation: the mean of the logits for an image and its mirror image. */
final class FlipAveraged extends CompositeBlock {

  private static final int WIDTH_AXIS = 3;

  private final PredictionBlock network;

  FlipAveraged(PredictionBlock network) {
    this.network = addNetwork("network", network);
  }

  @Override
  NDArray computeLogits(ParameterStore parameters, NDArray images) {
    NDArray original = forwardLogits(network, parameters, images);
    NDArray flipped = forwardLogits(network, parameters, images.flip(WIDTH_AXIS));
    return original.add(flipped).div(2);
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    return network.getOutputShapes(inputs);
  }

  /** The embedding of the image that is not flipped. */
  @Override
  public NDArray embed(ParameterStore parameters, NDArray images) {
    return network.embed(parameters, images);
  }

  @Override
  public Optional<GradCamTarget> gradCamTarget(int classIndex) {
    return network.gradCamTarget(classIndex);
  }
}
