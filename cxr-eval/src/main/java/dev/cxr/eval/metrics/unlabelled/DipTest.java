package dev.cxr.eval.metrics.unlabelled;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * The dip test: how far scores are from any distribution with one peak (J. A. Hartigan, P. M.
 * Hartigan, "The dip test of unimodality", Annals of Statistics 13, 1985).
 *
 * <p>It asks for no shape of the peaks. It is slow to see a small group beside a large one, and so
 * errs by seeing one group where there are two. Equal scores count once.
 */
public final class DipTest {

  private static final int SIMULATIONS = 1000;

  /** Beyond so many scores the dip shrinks with their root, and is compared at that. */
  private static final int MAX_SIMULATED_SIZE = 500;

  private static final long SEED = 1;

  /** Ascending, each once. */
  private final double[] scores;

  private DipTest(double[] distinct) {
    scores = distinct;
  }

  /**
   * The least distance, over all distributions with one peak, of the greatest distance of the
   * scores' empirical distribution from it: 1 / 2n for scores at even distances, at most 1/4.
   *
   * @param scores finite, in any order, at least one
   */
  public static double statistic(double[] scores) {
    return new DipTest(distinct(scores)).dip();
  }

  /**
   * How often scores that are even over an interval, which of all distributions with one peak have
   * the greatest dips, dip as much as these: the p-value of one peak, from {@value #SIMULATIONS}
   * drawings.
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

  /** Of the empirical distribution, just below a score. */
  private double lower(int i) {
    return (double) i / scores.length;
  }

  /** Of the empirical distribution, at a score. */
  private double upper(int i) {
    return (i + 1.0) / scores.length;
  }

  /**
   * Narrows the interval that the peak may lie in: left of it the distribution is to be convex,
   * right of it concave, and within it straight.
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
   * The greatest convex line below the lower corners, or the least concave one above the upper
   * ones.
   */
  private static final class ConvexHull {
    private final int from;
    private final double[] values;
    private final int[] vertices;

    private ConvexHull(int from, double[] values, int[] touches) {
      this.from = from;
      this.values = values;
      this.vertices = touches;
    }

    /**
     * Spans it over the scores {@code from} to {@code to}.
     *
     * @param sign 1 for the convex one, -1 for the concave one
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

    /** The touching score at which the other hull is the furthest. */
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
