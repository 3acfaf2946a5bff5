package dev.cxr.models.composition;

import ai.djl.ndarray.NDArray;
import ai.djl.training.ParameterStore;
import dev.cxr.models.architecture.AutoencoderNetwork;

/**
 * Scores an image by the reconstruction error of an autoencoder that was trained on normal images:
 * the logarithm of the mean squared error over the pixels.
 */
public final class ReconstructionError extends AnomalyScorer {

  /** Less than the square of a thousandth of a gray level. */
  private static final double MIN_ERROR = 1e-12;

  private final AutoencoderNetwork network;

  /**
   * Scores with a network, with or without its parameters.
   *
   * @param network the network
   */
  public ReconstructionError(AutoencoderNetwork network) {
    this.network = addNetwork("network", network);
  }

  @Override
  NDArray computeScores(ParameterStore parameters, NDArray images) {
    return network
        .reconstruct(parameters, images)
        .sub(images)
        .square()
        .reshape(images.getShape().get(0), -1)
        .mean(new int[] {1})
        .add(MIN_ERROR)
        .log();
  }

  /**
   * Reconstructs images.
   *
   * @param images (N, 1, side, side) float32 in [0, 1]
   * @param parameters where the block finds its parameters
   * @return (N, 1, side, side) in [0, 1], attached to the manager of the images
   */
  public NDArray reconstruct(ParameterStore parameters, NDArray images) {
    return network.reconstruct(parameters, images);
  }

  /** The latent feature map, averaged over positions. */
  @Override
  public NDArray embed(ParameterStore parameters, NDArray images) {
    return network.pooledOutput(parameters, images, network.featureMapLayer());
  }
}
