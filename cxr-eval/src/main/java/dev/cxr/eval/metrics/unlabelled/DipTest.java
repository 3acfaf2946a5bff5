package dev.cxr.eval.metrics.unlabelled;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * The dip test of unimodality (J. A. Hartigan, P. M. Hartigan, "The dip test of unimodality",
 * Annals of Statistics 13, 1985).
 *
 * <p>It assumes no shape of the peaks. It has little power for a small group beside a large one, so
 * it may accept one group where there are two. Tied scores count once.
 */
public final class DipTest {

  private static final int SIMULATIONS = 1000;

  /** For more scores the statistic is scaled by their square root. */
  private static final int MAX_SIMULATED_SIZE = 500;

  private static final long SEED = 1;

  /** Ascending, each once. */
  private final double[] scores;

  private DipTest(double[] distinct) {
    scores = distinct;
  }

  /**
   * {@return the dip statistic: the distance of the empirical distribution from the nearest
   * unimodal one, from 1 / 2n for evenly spaced scores to 1/4}
   *
   * @param scores finite, in any order, at least one
   */
  public static double statistic(double[] scores) {
    return new DipTest(distinct(scores)).dip();
  }

  /**
   * {@return the p-value of unimodality: how often {@value #SIMULATIONS} simulated uniform samples,
   * which have the greatest dips of all unimodal distributions, dip at least as much}
   *
   * @param scores finite, in any order
   */
  public static double pValue(double[] scores) {
    double[] distinct = distinct(scores);
    double found = new DipTest(distinct).dip() * Math.sqrt(distinct.length);
    int n = Math.min(distinct.length, MAX_SIMULATED_SIZE);
    SplittableRandom random = new SplittableRandom(SEED);
    long asMuch =
        IntStream.range(0, SIMULATIONS)
            .filter(i -> statistic(random.doubles(n).toArray()) * Math.sqrt(n) >= found)
            .count();
    return (asMuch + 1.0) / (SIMULATIONS + 1.0);
  }

  private static double[] distinct(double[] scores) {
    return Arrays.stream(scores).sorted().distinct().toArray();
  }

  /** The empirical distribution just below a score. */
  private double lower(int i) {
    return (double) i / scores.length;
  }

  /** The empirical distribution at a score. */
  private double upper(int i) {
    return (i + 1.0) / scores.length;
  }

  /**
   * Narrows the modal interval: the distribution is convex left of it, concave right of it and
   * linear inside.
   */
  private double dip() {
    int low = 0;
    int high = scores.length - 1;
    double doubledDip = 1.0 / scores.length;
    while (low < high) {
      ConvexHull minorant = ConvexHull.of(scores, low, high, 1);
      ConvexHull majorant = ConvexHull.of(scores, low, high, -1);
      int left = minorant.widestGap(majorant);
      int right = majorant.widestGap(minorant);
      double leftGap = majorant.at(left) - lower(left);
      double rightGap = upper(right) - minorant.at(right);
      if (Math.max(leftGap, rightGap) <= doubledDip) {
        break;
      }
      int nextLow = leftGap > rightGap ? left : minorant.vertexAtOrBelow(right);
      int nextHigh = leftGap > rightGap ? majorant.vertexAtOrAbove(left) : right;
      for (int i = low; i <= nextLow; i++) {
        doubledDip = Math.max(doubledDip, upper(i) - minorant.at(i));
      }
      for (int i = nextHigh; i <= high; i++) {
        doubledDip = Math.max(doubledDip, majorant.at(i) - lower(i));
      }
      if (nextLow == low && nextHigh == high) {
        break;
      }
      low = nextLow;
      high = nextHigh;
    }
    return doubledDip / 2;
  }

  /**
   * The greatest convex minorant of the lower corners, or the least concave majorant of the upper
   * ones.
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record ConvexHull(int from, double[] values, int[] vertices) {

    /**
     * {@return the hull over the scores {@code from} to {@code to}}
     *
     * @param sign 1 for convex, -1 for concave
     */
    static ConvexHull of(double[] scores, int from, int to, int sign) {
      int above = sign > 0 ? 0 : 1;
      int[] kept = new int[to - from + 1];
      int count = 0;
      for (int i = from; i <= to; i++) {
        while (count > 1) {
          int last = kept[count - 1];
          int before = kept[count - 2];
          double turn =
              (last - before) * (scores[i] - scores[before])
                  - (i - before) * (scores[last] - scores[before]);
          if (sign * turn < 0) {
            break;
          }
          count--;
        }
        kept[count++] = i;
      }
      int[] touches = Arrays.copyOf(kept, count);
      double[] values = new double[to - from + 1];
      for (int t = 0; t < count; t++) {
        values[touches[t] - from] = (double) (touches[t] + above) / scores.length;
      }
      for (int t = 1; t < count; t++) {
        int a = touches[t - 1];
        int b = touches[t];
        double slope = (values[b - from] - values[a - from]) / (scores[b] - scores[a]);
        for (int i = a + 1; i < b; i++) {
          values[i - from] = values[a - from] + slope * (scores[i] - scores[a]);
        }
      }
      return new ConvexHull(from, values, touches);
    }

    double at(int i) {
      return values[i - from];
    }

    /** {@return the vertex at which the other hull is farthest} */
    int widestGap(ConvexHull other) {
      int widest = vertices[0];
      for (int touch : vertices) {
        if (Math.abs(other.at(touch) - at(touch)) > Math.abs(other.at(widest) - at(widest))) {
          widest = touch;
        }
      }
      return widest;
    }

    int vertexAtOrBelow(int i) {
      return Arrays.stream(vertices).filter(touch -> touch <= i).max().orElseThrow();
    }

    int vertexAtOrAbove(int i) {
      return Arrays.stream(vertices).filter(touch -> touch >= i).min().orElseThrow();
    }
  }
}
