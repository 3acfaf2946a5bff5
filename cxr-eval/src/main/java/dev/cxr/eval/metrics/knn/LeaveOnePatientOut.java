package dev.cxr.eval.metrics.knn;

import dev.cxr.eval.metrics.Estimate;
import dev.cxr.models.knn.KnnVote;
import dev.cxr.models.knn.NearestExamples;
import dev.cxr.models.knn.VoteWeighting;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Selects the number of neighbours k: each training example is classified by its nearest examples
 * of other patients, and the k with the best balanced accuracy is selected, the greatest if several
 * tie. Distances are added row by row, so the whole matrix need not fit in memory.
 */
public final class LeaveOnePatientOut {

  /**
   * The result of one k.
   *
   * @param k the number of neighbours
   * @param balancedAccuracy the mean recall over the classes that occur
   */
  public record Candidate(int k, Estimate balancedAccuracy) {}

  /**
   * The selected k.
   *
   * @param vote the vote with the selected k
   * @param rule how it was selected, in words, or why it could not be
   * @param candidates the results of all k, ascending
   */
  public record Selection(KnnVote vote, String rule, List<Candidate> candidates) {}

  private final int[] labels;
  private final List<String> patients;
  private final List<KnnVote> votes;
  private final long[] support;
  private final long[][] correct; // by vote and class
  private long examplesWithoutNeighbour;

  /**
   * Starts a selection.
   *
   * @param labels the class index of each training example
   * @param patients the patient group of each, in the same order
   * @param weighting the weight of each neighbour
   * @param ks the numbers of neighbours to select from, at least one
   */
  public LeaveOnePatientOut(
      int[] labels, List<String> patients, VoteWeighting weighting, List<Integer> ks) {
    this.labels = labels;
    this.patients = List.copyOf(patients);
    votes = ks.stream().distinct().sorted().map(k -> new KnnVote(k, weighting)).toList();
    support = new long[IntStream.of(labels).max().orElse(0) + 1];
    correct = new long[votes.size()][support.length];
  }

  /**
   * Classifies a training example; call it once for each.
   *
   * @param example its index
   * @param distances to every training example, including itself
   */
  public void add(int example, double[] distances) {
    int most = votes.get(votes.size() - 1).k();
    String own = patients.get(example);
    NearestExamples nearest =
        NearestExamples.find(distances, most, i -> !patients.get(i).equals(own));
    if (nearest.indices().length == 0) {
      examplesWithoutNeighbour++;
      return;
    }
    int label = labels[example];
    support[label]++;
    for (int v = 0; v < correct.length; v++) {
      double[] shares = votes.get(v).probabilities(nearest, labels, support.length);
      correct[v][label] += KnnVote.argmax(shares) == label ? 1 : 0;
    }
  }

  /**
   * {@return the selection, after every example was added; the smallest k if none can be selected}
   */
  public Selection select() {
    List<Candidate> candidates =
        IntStream.range(0, correct.length)
            .mapToObj(v -> new Candidate(votes.get(v).k(), balancedAccuracy(correct[v])))
            .toList();
    if (candidates.get(0).balancedAccuracy() instanceof Estimate.Undefined undefined) {
      return new Selection(
          votes.get(0),
          "the smallest, because no k could be selected: " + undefined.reason(),
          candidates);
    }
    int best = 0;
    for (int v = 1; v < correct.length; v++) {
      double accuracy = candidates.get(v).balancedAccuracy().valueOr(0);
      best = accuracy >= candidates.get(best).balancedAccuracy().valueOr(0) ? v : best;
    }
    return new Selection(
        votes.get(best), "best balanced accuracy with each patient left out", candidates);
  }

  private Estimate balancedAccuracy(long[] ownRight) {
    if (examplesWithoutNeighbour > 0) {
      return new Estimate.Undefined(
          "%d examples have no neighbour of another patient, or a distance that is not a number"
              .formatted(examplesWithoutNeighbour));
    }
    double sum = 0;
    long occurring = 0;
    for (int c = 0; c < support.length; c++) {
      if (support[c] > 0) {
        sum += (double) ownRight[c] / support[c];
        occurring++;
      }
    }
    return occurring < 2
        ? new Estimate.Undefined("examples of one class only, or none")
        : new Estimate.Defined(sum / occurring, LongStream.of(support).sum());
  }
}
