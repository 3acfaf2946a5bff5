package dev.cxr.models.composition;

import ai.djl.ndarray.NDArray;
import ai.djl.training.ParameterStore;
import dev.cxr.models.architecture.AutoencoderNetwork;

/**
 * Scores a picture by how badly an autoencoder that has only seen normals gives it back: the
 * logarithm of the mean squared error over the pixels.
 */
public final class ReconstructionError extends Novelty {

  /** Below the square of a thousandth of a gray level. */
  private static final double LEAST = 1e-12;

  private final AutoencoderNetwork network;

  /** With a network that may have its parameters already. */
  public ReconstructionError(AutoencoderNetwork network) {
    this.network = part("network", network);
  }

  @Override
  NDArray score(ParameterStore parameters, NDArray pictures) {
    return network
        .reconstruct(parameters, pictures)
        .sub(pictures)
        .square()
        .reshape(pictures.getShape().get(0), -1)
        .mean(new int[] {1})
        .add(LEAST)
        .log();
  }

  /**
   * What the network makes of pictures.
   *
   * @param pictures (N, 1, side, side) float32 in [0, 1]
   * @return (N, 1, side, side) in [0, 1], attached to the pictures' manager
   */
  public NDArray reconstruct(ParameterStore parameters, NDArray pictures) {
    return network.reconstruct(parameters, pictures);
  }

  /** The latent feature map, averaged over its positions. */
  @Override
  public NDArray embed(ParameterStore parameters, NDArray pictures) {
    return pooled(network.featureMap(parameters, pictures));
  }
}
