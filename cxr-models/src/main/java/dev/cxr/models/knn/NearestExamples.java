package dev.cxr.models.knn;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.IntPredicate;

/**
 * The nearest training examples of another, from the nearest on; of equally near ones the earlier
 * comes first.
 *
 * @param indices their indices
 * @param distances their distances, not falling
 */
@SuppressWarnings("ArrayRecordComponent") // read to vote and to show, never compared
public record NearestExamples(int[] indices, double[] distances) {

  /**
   * Finds them, in O(n log k).
   *
   * @param distances to each training example
   * @param k how many to find, at least 1
   * @param eligible which training examples may be taken, by index
   * @return {@code k} of them, or all where fewer are eligible; none where a distance is NaN, for
   *     then there is no order
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
    double[] nearestDistances = new double[indices.length];
    for (int i = 0; i < nearestDistances.length; i++) {
      nearestDistances[i] = distances[indices[i]];
    }
    return new NearestExamples(indices, nearestDistances);
  }
}
