package dev.cxr.models.architecture;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;

/**
 * A network from images (N, 1, side, side) float32 in [0, 1] to reconstructions of the same shape
 * and range. The backbone is the encoder, the last stage the decoder.
 */
public final class AutoencoderNetwork extends Network {

  AutoencoderNetwork(NetworkDefinition definition, Block input) {
    super(definition, input);
  }

  /**
   * Reconstructs images, in inference mode.
   *
   * @param images (N, 1, side, side) float32 in [0, 1]
   * @param parameters where the block finds its parameters
   * @return (N, 1, side, side) in [0, 1], attached to the manager of the images
   */
  public NDArray reconstruct(ParameterStore parameters, NDArray images) {
    return forwardFrom(parameters, featureMap(parameters, images), featureMapLayer());
  }
}
