package dev.cxr.models.knn;

import java.util.Arrays;

/**
 * The class of an example by the classes of its nearest training examples (T. M. Cover and P. E.
 * Hart, "Nearest neighbor pattern classification", 1967), as scikit-learn counts them.
 *
 * @param k how many neighbours vote, at least 1
 * @param weighting how much each counts
 */
public record KnnVote(int k, VoteWeighting weighting) {

  /**
   * @throws IllegalArgumentException if {@code k} is below 1, or there is no weighting
   */
  public KnnVote {
    if (weighting == null) { // a reader of JSON leaves null where a name stands for nothing
      throw new IllegalArgumentException("expected uniform or distance weighting, found neither");
    }
    if (k < 1) {
      throw new IllegalArgumentException(
          "expected at least one neighbour, found %d; 5 is usual".formatted(k));
    }
  }

  /**
   * The share of the votes that each class gets.
   *
   * @param nearest at least {@code k} neighbours, or all there are
   * @param labels the class index of each training example
   * @param classes how many classes there are
   * @return the shares, which add up to 1; NaN where there is no neighbour
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

  /** The class with the most votes, the first of them where votes are even. */
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
