package dev.cxr.models.neighbours;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.IntPredicate;

/**
 * The nearest training examples of another, from the nearest on; of equally near ones the earlier
 * comes first.
 *
 * @param examples their indices
 * @param distances their distances, not falling
 */
@SuppressWarnings("ArrayRecordComponent") // read to vote and to show, never compared
public record Nearest(int[] examples, double[] distances) {

  /**
   * Finds them, in O(n log k).
   *
   * @param distances to each training example
   * @param k how many to find, at least 1
   * @param eligible which training examples may be taken, by index
   * @return {@code k} of them, or all where fewer are eligible; none where a distance is NaN, for
   *     then there is no order
   */
  public static Nearest of(double[] distances, int k, IntPredicate eligible) {
    Comparator<Integer> nearness =
        Comparator.<Integer>comparingDouble(i -> distances[i]).thenComparing(i -> i);
    PriorityQueue<Integer> farthestFirst = new PriorityQueue<>(nearness.reversed());
    for (int i = 0; i < distances.length; i++) {
      if (!eligible.test(i)) {
        continue;
      }
      if (Double.isNaN(distances[i])) {
        return new Nearest(new int[0], new double[0]);
      }
      Integer farthest = farthestFirst.peek();
      if (farthest == null || farthestFirst.size() < k) {
        farthestFirst.add(i);
      } else if (distances[i] < distances[farthest]) {
        farthestFirst.remove();
        farthestFirst.add(i);
      }
    }
    int[] examples = farthestFirst.stream().sorted(nearness).mapToInt(i -> i).toArray();
    double[] own = new double[examples.length];
    for (int i = 0; i < own.length; i++) {
      own[i] = distances[examples[i]];
    }
    return new Nearest(examples, own);
  }
}
