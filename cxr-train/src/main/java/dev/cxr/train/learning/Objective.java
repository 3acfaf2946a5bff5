package dev.cxr.train.learning;

import ai.djl.ndarray.NDArray;

/**
 * What learning makes small.
 *
 * <p>Over any number of pictures it is the sum of {@link #of} divided by the sum of {@link
 * #weight}; {@link #loss} is that of a batch, in the engine's arithmetic and with gradients.
 */
public sealed interface Objective
    permits BinaryCrossEntropy, SoftmaxCrossEntropy, MeanSquaredError {

  /**
   * What the network's outputs are compared with.
   *
   * @param pictures (N, 1, side, side) float32 in [0, 1]
   * @param labels (N) float32, the index of the class
   * @return one of the two
   */
  NDArray targets(NDArray pictures, NDArray labels);

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
  double of(float[] output, float[] target);

  /** What one picture counts for. */
  double weight(float[] target);
}
