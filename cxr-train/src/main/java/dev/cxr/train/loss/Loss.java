package dev.cxr.train.loss;

import ai.djl.ndarray.NDArray;

/**
 * The loss that training minimizes.
 *
 * <p>Over any number of images it is the sum of {@link #sampleLoss} divided by the sum of {@link
 * #sampleWeight}; {@link #loss} is that of a batch, computed by the engine with gradients.
 */
public sealed interface Loss permits BinaryCrossEntropy, SoftmaxCrossEntropy, MeanSquaredError {

  /**
   * What the outputs are compared with.
   *
   * @param images (N, 1, side, side) float32 in [0, 1]
   * @param labels (N) float32, the index of the class
   * @return images or labels
   */
  NDArray targets(NDArray images, NDArray labels);

  /**
   * The loss of a batch.
   *
   * @param outputs of the network, (N, …) float32
   * @param targets of the batch
   * @return () float32
   */
  NDArray loss(NDArray outputs, NDArray targets);

  /**
   * {@return what one image adds to the sum, in double precision}
   *
   * @param output of the network
   * @param target of the image
   */
  double sampleLoss(float[] output, float[] target);

  /**
   * {@return the weight of one image}
   *
   * @param target of the image
   */
  double sampleWeight(float[] target);
}
