package dev.cxr.eval.metrics.knn;

import dev.cxr.eval.metrics.Estimate;
import dev.cxr.models.knn.KnnVote;
import dev.cxr.models.knn.NearestExamples;
import dev.cxr.models.knn.VoteWeighting;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Chooses how many neighbours vote: each training example is classified by its nearest of other
 * patients, and the number with the best balanced accuracy wins, the greatest of them where several
 * have it. Rows of distances come one at a time, so that the whole matrix need never be there.
 */
public final class LeavePatientOut {

  /**
   * How a number of neighbours did.
   *
   * @param k the number of neighbours
   * @param balancedAccuracy the mean recall over the classes that occur
   */
  public record Candidate(int k, Estimate balancedAccuracy) {}

  /**
   * What was chosen.
   *
   * @param vote the rule to use from now on
   * @param rule how it was chosen, in words, or why it could not be
   * @param candidates how every number of neighbours did, ascending
   */
  public record Selection(KnnVote vote, String rule, List<Candidate> candidates) {}

  private final int[] labels;
  private final List<String> patients;
  private final List<KnnVote> votes;
  private final long[] support;
  private final long[][] correct; // by vote and class
  private long examplesWithoutNeighbour;

  /**
   * Starts a choice.
   *
   * @param labels the class index of each training example
   * @param patients the patient group of each, in the same order
   * @param weighting how much each neighbour counts
   * @param ks the numbers of neighbours to choose from, at least one
   * @throws IllegalArgumentException if there are not as many patients as labels, or no number
   */
  public LeavePatientOut(
      int[] labels, List<String> patients, VoteWeighting weighting, List<Integer> ks) {
    if (labels.length != patients.size() || ks.isEmpty()) {
      throw new IllegalArgumentException(
          "expected a patient for each label and a number to choose, found %d patients, %d labels and %d numbers; pass both for the same examples in the same order"
              .formatted(patients.size(), labels.length, ks.size()));
    }
    this.labels = labels;
    this.patients = List.copyOf(patients);
    votes = ks.stream().distinct().sorted().map(k -> new KnnVote(k, weighting)).toList();
    support = new long[IntStream.of(labels).max().orElse(0) + 1];
    correct = new long[votes.size()][support.length];
  }

  /**
   * Classifies a training example; to be called once for each.
   *
   * @param example its index
   * @param distances to every training example, itself included
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

  /** Chooses, once every example was added. The smallest number where none can be chosen. */
  public Selection select() {
    List<Candidate> candidates =
        IntStream.range(0, correct.length)
            .mapToObj(v -> new Candidate(votes.get(v).k(), balancedAccuracy(correct[v])))
            .toList();
    if (candidates.get(0).balancedAccuracy() instanceof Estimate.Undefined undefined) {
      return new Selection(
          votes.get(0),
          "the smallest, for none could be chosen: " + undefined.reason(),
          candidates);
    }
    int best = 0;
    for (int v = 1; v < correct.length; v++) {
      if (value(candidates.get(v)) >= value(candidates.get(best))) {
        best = v;
      }
    }
    return new Selection(
        votes.get(best), "best balanced accuracy with each patient left out", candidates);
  }

  private static double value(Candidate candidate) {
    return ((Estimate.Defined) candidate.balancedAccuracy()).value();
  }

  private Estimate balancedAccuracy(long[] ownRight) {
    if (examplesWithoutNeighbour > 0) {
      return new Estimate.Undefined(
          "%d examples have no neighbour of another patient, or a distance that is no number"
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
