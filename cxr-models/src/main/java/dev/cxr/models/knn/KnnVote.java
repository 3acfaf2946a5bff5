package dev.cxr.models.knn;

import java.util.Arrays;

/**
 * Classification by a vote of the nearest training examples (T. M. Cover and P. E. Hart, "Nearest
 * neighbor pattern classification", 1967), with the weights of scikit-learn.
 *
 * @param k the number of neighbours, at least 1
 * @param weighting the weight of each
 */
public record KnnVote(int k, VoteWeighting weighting) {

  /**
   * Checks the values.
   *
   * @param k as of the record
   * @param weighting as of the record
   * @throws IllegalArgumentException if {@code k} is below 1, or there is no weighting
   */
  public KnnVote {
    if (weighting == null) { // Gson leaves null for an unknown name
      throw new IllegalArgumentException("expected uniform or distance weighting, found neither");
    }
    if (k < 1) {
      throw new IllegalArgumentException(
          "expected at least one neighbour, found %d; 5 is usual".formatted(k));
    }
  }

  /**
   * Computes the share of the votes of each class.
   *
   * @param nearest at least {@code k} neighbours, or all examples
   * @param labels the class index of each training example
   * @param classes the number of classes
   * @return the shares, which sum to 1; NaN without a neighbour
   */
  public double[] probabilities(NearestExamples nearest, int[] labels, int classes) {
    int voters = Math.min(k, nearest.indices().length);
    double[] votes = new double[classes];
    for (int i = 0; i < voters; i++) {
      votes[labels[nearest.indices()[i]]] += weight(nearest.distances(), i);
    }
    double sum = Arrays.stream(votes).sum();
    return Arrays.stream(votes).map(vote -> vote / sum).toArray();
  }

  /**
   * {@return the class with the largest share, the first of them in a tie}
   *
   * @param shares of the votes, one per class
   */
  public static int argmax(double[] shares) {
    int best = 0;
    for (int c = 1; c < shares.length; c++) {
      if (shares[c] > shares[best]) {
        best = c;
      }
    }
    return best;
  }

  private double weight(double[] distances, int voter) {
    if (weighting == VoteWeighting.UNIFORM) {
      return 1;
    }
    // Relative to the nearest, so that tiny distances do not overflow.
    return distances[0] == 0 ? (distances[voter] == 0 ? 1 : 0) : distances[0] / distances[voter];
  }
}
