package dev.cxr.train.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

/**
 * Cross-entropy of one logit, each class with a weight of its own.
 *
 * <p>For logit x, label y in {0, 1} and z = y (1 - s) + s / 2: w(y) (max(x, 0) - x z + log(1 +
 * exp(-|x|))), the mean over the pictures, whatever their weights: Keras' BinaryCrossentropy with
 * class_weight. That form overflows for no x.
 *
 * @param negativeWeight what a picture of class 0 counts for; 1 for no weighing
 * @param positiveWeight what a picture of class 1 counts for
 * @param smoothing s, the share of certainty that is taken from the labels (Szegedy et al. 2015),
 *     from 0 to below 1; 0 for none
 */
public record BinaryCrossEntropy(double negativeWeight, double positiveWeight, double smoothing)
    implements Loss {

  /** Refuses what cannot be. */
  public BinaryCrossEntropy {
    SoftmaxCrossEntropy.requireWeights(negativeWeight, positiveWeight);
    SoftmaxCrossEntropy.requireSmoothing(smoothing);
  }

  /** Without label smoothing. */
  public BinaryCrossEntropy(double negativeWeight, double positiveWeight) {
    this(negativeWeight, positiveWeight, 0);
  }

  @Override
  public NDArray targets(NDArray images, NDArray labels) {
    return labels;
  }

  /**
   * The loss of a batch.
   *
   * @param outputs (N, 1) float32 logits
   * @param targets (N) float32, 0 or 1
   * @return () float32
   */
  @Override
  public NDArray loss(NDArray outputs, NDArray targets) {
    NDArray x = outputs.reshape(new Shape(-1));
    NDArray weight =
        targets.mul((float) positiveWeight - (float) negativeWeight).add((float) negativeWeight);
    NDArray z = smoothing == 0 ? targets : targets.mul(1 - smoothing).add(smoothing / 2);
    NDArray losses = x.maximum(0f).sub(x.mul(z)).add(x.abs().neg().exp().add(1f).log());
    return losses.mul(weight).mean();
  }

  @Override
  public double sampleLoss(float[] output, float[] target) {
    double x = output[0];
    double z = target[0] * (1 - smoothing) + smoothing / 2;
    double weight = (float) (target[0] == 1 ? positiveWeight : negativeWeight);
    return weight * (Math.max(x, 0) - x * z + Math.log1p(Math.exp(-Math.abs(x))));
  }

  @Override
  public double sampleWeight(float[] target) {
    return 1;
  }
}
