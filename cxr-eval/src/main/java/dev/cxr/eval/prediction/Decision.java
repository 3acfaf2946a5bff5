package dev.cxr.eval.prediction;

import dev.cxr.eval.metrics.LabelledProbabilities;

/** What is answered, given probabilities. */
public final class Decision {

  private Decision() {}

  /**
   * The index of the class that is answered: of two classes the second where its probability
   * reaches the threshold, of more the most probable one.
   */
  public static int predictedClass(double[] probabilities, double threshold) {
    return probabilities.length == 2
        ? (probabilities[1] >= threshold ? 1 : 0)
        : LabelledProbabilities.argMax(probabilities);
  }
}
