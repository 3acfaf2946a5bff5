package dev.cxr.train.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;

/**
 * Cross-entropy of one logit per class with class weights: PyTorch's CrossEntropyLoss.
 *
 * <p>For logits x, label y and C classes: (1 - s) w(y) (-log p(y)) + s / C times the sum over the
 * classes c of w(c) (-log p(c)), where p = softmax(x); summed over the images and divided by the
 * sum of their w(y).
 *
 * @param weights of the classes; all 1 for none
 * @param smoothing s, label smoothing (Szegedy et al. 2015), from 0 to below 1
 */
public record SoftmaxCrossEntropy(List<Double> weights, double smoothing) implements Loss {

  /**
   * Checks the weights.
   *
   * @param weights of the classes; all 1 for none
   * @param smoothing s, label smoothing (Szegedy et al. 2015), from 0 to below 1
   */
  public SoftmaxCrossEntropy {
    weights = List.copyOf(weights);
    requireWeights(weights.stream().mapToDouble(Double::doubleValue).toArray());
  }

  static void requireWeights(double... weights) {
    if (!Arrays.stream(weights).allMatch(w -> w > 0 && Double.isFinite(w))) {
      throw new IllegalArgumentException(
          "class weights %s: each above 0".formatted(Arrays.toString(weights)));
    }
  }

  @Override
  public NDArray targets(NDArray images, NDArray labels) {
    return labels;
  }

  /**
   * The loss of a batch.
   *
   * @param outputs (N, C) float32 logits
   * @param targets (N) float32, 0 to C - 1
   * @return () float32
   */
  @Override
  public NDArray loss(NDArray outputs, NDArray targets) {
    int classes = weights.size();
    float[] classWeights = new float[classes];
    for (int c = 0; c < classes; c++) {
      classWeights[c] = weights.get(c).floatValue();
    }
    NDArray allWeights = outputs.getManager().create(classWeights, new Shape(1, classes));
    NDArray trueClassWeights = targets.oneHot(classes).mul(allWeights);
    NDArray targetWeights =
        trueClassWeights.mul(1 - smoothing).add(allWeights.mul(smoothing / classes));
    return outputs.logSoftmax(1).mul(targetWeights).sum().neg().div(trueClassWeights.sum());
  }

  @Override
  public double sampleLoss(float[] output, float[] target) {
    double max = Double.NEGATIVE_INFINITY;
    for (float x : output) {
      max = Math.max(max, x);
    }
    double sum = 0;
    for (float x : output) {
      sum += Math.exp(x - max);
    }
    double logSum = max + Math.log(sum);
    double loss = (1 - smoothing) * sampleWeight(target) * (logSum - output[(int) target[0]]);
    for (int c = 0; c < output.length; c++) {
      loss += smoothing / output.length * weights.get(c) * (logSum - output[c]);
    }
    return loss;
  }

  @Override
  public double sampleWeight(float[] target) {
    return weights.get((int) target[0]);
  }
}
