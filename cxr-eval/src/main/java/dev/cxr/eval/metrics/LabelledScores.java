package dev.cxr.eval.metrics;

import java.util.Arrays;

/**
 * Scores beside their labels, checked once for everything that is computed from them.
 *
 * <p>A plain class, for it compares nothing; the arrays are the caller's and are only read.
 */
final class LabelledScores {

  private final double[] scores;
  private final boolean[] positive;

  /**
   * @param scores one finite number per example, higher meaning more likely positive
   * @param positive whether each example is positive, in the same order
   * @throws IllegalArgumentException if there is no example, the lengths differ or a score is NaN
   *     or infinite
   */
  LabelledScores(double[] scores, boolean[] positive) {
    if (scores.length != positive.length) {
      throw new IllegalArgumentException(
          "expected one label per score, found %d scores and %d labels; pass both for the same examples in the same order"
              .formatted(scores.length, positive.length));
    }
    if (scores.length == 0) {
      throw new IllegalArgumentException(
          "expected at least one scored and labelled example, found none; check what selected the examples");
    }
    for (int i = 0; i < scores.length; i++) {
      if (!Double.isFinite(scores[i])) {
        throw new IllegalArgumentException(
            "expected finite scores, found %s at index %d; look for the example or the model that made it"
                .formatted(scores[i], i));
      }
    }
    this.scores = scores;
    this.positive = positive;
  }

  int size() {
    return scores.length;
  }

  double score(int example) {
    return scores[example];
  }

  boolean isPositive(int example) {
    return positive[example];
  }

  /** The scores of the examples with this label, ascending. */
  double[] ascending(boolean label) {
    double[] chosen = new double[scores.length];
    int count = 0;
    for (int i = 0; i < scores.length; i++) {
      if (positive[i] == label) {
        chosen[count++] = scores[i];
      }
    }
    double[] sorted = Arrays.copyOf(chosen, count);
    Arrays.sort(sorted);
    return sorted;
  }
}
