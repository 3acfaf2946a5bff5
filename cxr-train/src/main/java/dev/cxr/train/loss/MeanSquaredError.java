package dev.cxr.train.loss;

import ai.djl.ndarray.NDArray;

/**
 * The reconstruction error of an autoencoder: the mean over pixels and images of (output - image)².
 */
public record MeanSquaredError() implements Loss {

  @Override
  public NDArray targets(NDArray images, NDArray labels) {
    return images;
  }

  /**
   * The loss of a batch.
   *
   * @param outputs (N, 1, side, side) float32
   * @param targets (N, 1, side, side) float32
   * @return () float32
   */
  @Override
  public NDArray loss(NDArray outputs, NDArray targets) {
    return outputs.sub(targets).square().mean();
  }

  @Override
  public double sampleLoss(float[] output, float[] target) {
    double sum = 0;
    for (int i = 0; i < output.length; i++) {
      double difference = (double) output[i] - target[i];
      sum += difference * difference;
    }
    return sum / output.length;
  }

  @Override
  public double sampleWeight(float[] target) {
    return 1;
  }
}
