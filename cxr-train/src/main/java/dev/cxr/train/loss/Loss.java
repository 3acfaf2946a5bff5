package dev.cxr.train.loss;

import ai.djl.ndarray.NDArray;

/**
 * What learning makes small.
 *
 * <p>Over any number of pictures it is the sum of {@link #sampleLoss} divided by the sum of {@link
 * #sampleWeight}; {@link #loss} is that of a batch, in the engine's arithmetic and with gradients.
 */
public sealed interface Loss permits BinaryCrossEntropy, SoftmaxCrossEntropy, MeanSquaredError {

  /**
   * What the network's outputs are compared with.
   *
   * @param images (N, 1, side, side) float32 in [0, 1]
   * @param labels (N) float32, the index of the class
   * @return one of the two
   */
  NDArray targets(NDArray images, NDArray labels);

  /**
   * The objective of a batch.
   *
   * @param outputs of the network, (N, …) float32
   * @param targets those of the batch
   * @return () float32
   */
  NDArray loss(NDArray outputs, NDArray targets);

  /**
   * What one picture adds to the sum, in double precision.
   *
   * @param output of the network
   * @param target that of the picture
   */
  double sampleLoss(float[] output, float[] target);

  /** What one picture counts for. */
  double sampleWeight(float[] target);
}
