package dev.cxr.models.architecture;

import ai.djl.ndarray.NDArray;
import ai.djl.training.ParameterStore;

/**
 * A network from pictures (N, 1, side, side) to pictures of that shape, float32 in [0, 1], that
 * gives back what it was given as well as it can.
 *
 * <p>Its backbone is the encoder, its last stage the decoder.
 */
public final class AutoencoderNetwork extends Network {

  AutoencoderNetwork(NetworkDefinition definition) {
    super(definition);
  }

  /**
   * Gives pictures back, nothing learned.
   *
   * @param images (N, 1, side, side) float32 in [0, 1]
   * @return (N, 1, side, side) in [0, 1], attached to the pictures' manager
   */
  public NDArray reconstruct(ParameterStore parameters, NDArray images) {
    return forwardFrom(parameters, featureMap(parameters, images), featureMapLayer());
  }
}
