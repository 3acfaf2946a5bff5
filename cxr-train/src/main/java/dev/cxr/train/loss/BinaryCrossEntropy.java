package dev.cxr.train.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

/**
 * Cross-entropy of one logit with class weights: Keras' BinaryCrossentropy with class_weight.
 *
 * <p>For logit x, label y in {0, 1} and z = y (1 - s) + s / 2: w(y) (max(x, 0) - x z + log(1 +
 * exp(-|x|))), averaged over the images without regard to their weights. This form does not
 * overflow.
 *
 * @param negativeWeight weight of class 0; 1 for none
 * @param positiveWeight weight of class 1; 1 for none
 * @param smoothing s, label smoothing (Szegedy et al. 2015), from 0 to below 1
 */
public record BinaryCrossEntropy(double negativeWeight, double positiveWeight, double smoothing)
    implements Loss {

  /**
   * Checks the weights.
   *
   * @param negativeWeight weight of class 0; 1 for none
   * @param positiveWeight weight of class 1; 1 for none
   * @param smoothing s, label smoothing (Szegedy et al. 2015), from 0 to below 1
   */
  public BinaryCrossEntropy {
    SoftmaxCrossEntropy.requireWeights(negativeWeight, positiveWeight);
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
