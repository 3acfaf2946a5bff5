package dev.cxr.models.knn;

import java.util.Arrays;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.IntPredicate;

/**
 * The nearest training examples of an image in order of distance; in a tie the lower index comes
 * first.
 *
 * @param indices their indices in the training data
 * @param distances their distances, in ascending order
 */
@SuppressWarnings("ArrayRecordComponent") // read to vote and to show, never compared
public record NearestExamples(int[] indices, double[] distances) {

  /**
   * Finds them in O(n log k).
   *
   * @param distances to each training example
   * @param k the number to find, at least 1
   * @param eligible which training examples are candidates, by index
   * @return {@code k} examples, or all candidates if there are fewer; none if a distance is NaN
   */
  public static NearestExamples find(double[] distances, int k, IntPredicate eligible) {
    Comparator<Integer> nearness =
        Comparator.<Integer>comparingDouble(i -> distances[i]).thenComparing(i -> i);
    PriorityQueue<Integer> farthestFirst = new PriorityQueue<>(nearness.reversed());
    for (int i = 0; i < distances.length; i++) {
      if (!eligible.test(i)) {
        continue;
      }
      if (Double.isNaN(distances[i])) {
        return new NearestExamples(new int[0], new double[0]);
      }
      Integer farthest = farthestFirst.peek();
      if (farthest == null || farthestFirst.size() < k) {
        farthestFirst.add(i);
      } else if (distances[i] < distances[farthest]) {
        farthestFirst.remove();
        farthestFirst.add(i);
      }
    }
    int[] indices = farthestFirst.stream().sorted(nearness).mapToInt(i -> i).toArray();
    return new NearestExamples(
        indices, Arrays.stream(indices).mapToDouble(i -> distances[i]).toArray());
  }
}
