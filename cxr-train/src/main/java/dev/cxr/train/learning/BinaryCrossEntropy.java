package dev.cxr.train.learning;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.loss.Loss;

/**
 * Cross-entropy of one logit, each class with a weight of its own.
 *
 * <p>For logit x and label y in {0, 1}: w(y) (max(x, 0) - x y + log(1 + exp(-|x|))), the mean over
 * the batch. That form overflows for no x. DJL's own takes no class weights.
 */
public final class BinaryCrossEntropy extends Loss {

  private final float negativeWeight;
  private final float positiveWeight;

  /** Weights of the classes 0 and 1; 1 and 1 for none. */
  public BinaryCrossEntropy(double negativeWeight, double positiveWeight) {
    super("BinaryCrossEntropy");
    this.negativeWeight = (float) negativeWeight;
    this.positiveWeight = (float) positiveWeight;
  }

  /**
   * The loss of a batch.
   *
   * @param labels (N) float32, 0 or 1
   * @param predictions (N, 1) float32 logits
   * @return () float32
   */
  @Override
  public NDArray evaluate(NDList labels, NDList predictions) {
    NDArray x = predictions.singletonOrThrow().reshape(new Shape(-1));
    NDArray y = labels.singletonOrThrow();
    NDArray weight = y.mul(positiveWeight - negativeWeight).add(negativeWeight);
    NDArray each = x.maximum(0f).sub(x.mul(y)).add(x.abs().neg().exp().add(1f).log());
    return each.mul(weight).mean();
  }

  /** The loss of one picture, in double precision: what {@link #evaluate} takes the mean of. */
  public double of(double logit, int label) {
    double weight = label == 1 ? positiveWeight : negativeWeight;
    return weight * (Math.max(logit, 0) - logit * label + Math.log1p(Math.exp(-Math.abs(logit))));
  }
}
