package dev.cxr.models.composition;

import ai.djl.ndarray.NDArray;
import ai.djl.training.ParameterStore;
import dev.cxr.models.architecture.PredictionBlock;

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
}
