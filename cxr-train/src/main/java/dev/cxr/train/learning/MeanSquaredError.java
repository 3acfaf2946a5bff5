package dev.cxr.train.learning;

import ai.djl.ndarray.NDArray;

/**
 * How far a network that gives pictures back is off: the mean over the pixels of (output -
 * picture)², and over the pictures.
 */
public record MeanSquaredError() implements Objective {

  @Override
  public NDArray targets(NDArray pictures, NDArray labels) {
    return pictures;
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
  public double of(float[] output, float[] target) {
    double sum = 0;
    for (int i = 0; i < output.length; i++) {
      double difference = (double) output[i] - target[i];
      sum += difference * difference;
    }
    return sum / output.length;
  }

  @Override
  public double weight(float[] target) {
    return 1;
  }
}
