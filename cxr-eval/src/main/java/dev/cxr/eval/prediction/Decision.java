package dev.cxr.eval.prediction;

import dev.cxr.eval.metrics.LabelledProbabilities;

/** The decision rule from probabilities to a class. */
public final class Decision {

  private Decision() {}

  /**
   * {@return the index of the predicted class: with two classes the second if its probability
   * reaches the threshold, with more the most probable one}
   *
   * @param probabilities probabilities in [0, 1]
   * @param threshold the lowest score that is predicted positive
   */
  public static int predictedClass(double[] probabilities, double threshold) {
    return probabilities.length == 2
        ? (probabilities[1] >= threshold ? 1 : 0)
        : LabelledProbabilities.argMax(probabilities);
  }
}
