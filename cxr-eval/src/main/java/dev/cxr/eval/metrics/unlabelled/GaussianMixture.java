package dev.cxr.eval.metrics.unlabelled;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Two groups of scores without labels: a mixture of two normal distributions with a common
 * variance, fitted by expectation-maximisation (A. P. Dempster, N. M. Laird, D. B. Rubin, "Maximum
 * likelihood from incomplete data via the EM algorithm", JRSS B 39, 1977), initialised by Otsu's
 * threshold (N. Otsu, 1979).
 *
 * <p>The common variance makes the odds increase with the score, so that there is one threshold,
 * and keeps the fit from collapsing around a single score. The threshold follows a shift or scaling
 * of all scores. Use logits, not probabilities, which accumulate at 0 and 1.
 *
 * @param lowMean the mean of the lower group
 * @param highMean the mean of the upper group
 * @param standardDeviation of both groups
 * @param highShare the upper group's share, in (0, 1)
 * @param threshold the score at which both groups are equally likely, which minimises errors
 * @param unimodalP the p-value of a single group: {@link DipTest#pValue}
 */
public record GaussianMixture(
    double lowMean,
    double highMean,
    double standardDeviation,
    double highShare,
    double threshold,
    double unimodalP) {

  private static final double SIGNIFICANCE_LEVEL = 0.05;
  private static final double MIN_GROUP_SHARE = 0.1;
  private static final int MAX_ITERATIONS = 10_000;
  private static final double TOLERANCE = 1e-10;

  /**
   * {@return the mixture fitted to scores}
   *
   * @param scores finite, in any order, at least two distinct
   */
  public static GaussianMixture fit(double[] scores) {
    double[] sorted = scores.clone();
    Arrays.sort(sorted); // makes sums independent of the order
    Mixture mixture = Mixture.otsu(sorted);
    for (int step = 0; step < MAX_ITERATIONS && mixture.variance() > 0; step++) {
      Mixture next = mixture.emStep(sorted);
      double moved =
          Math.abs(next.lowMean() - mixture.lowMean())
              + Math.abs(next.highMean() - mixture.highMean());
      mixture = next;
      if (moved <= TOLERANCE * (mixture.highMean() - mixture.lowMean())) {
        break;
      }
    }
    return new GaussianMixture(
        mixture.lowMean(),
        mixture.highMean(),
        Math.sqrt(mixture.variance()),
        mixture.highShare(),
        mixture.threshold(),
        DipTest.pValue(sorted));
  }

  /**
   * {@return why the threshold must not be used, or null}
   *
   * @param known which classes are known to be present
   */
  public @Nullable String rejectionReason(ClassPresence known) {
    if (!(lowMean < threshold && threshold < highMean)) {
      return "one group of scores that contains the other";
    }
    return switch (known) {
      case UNKNOWN ->
          unimodalP < SIGNIFICANCE_LEVEL
              ? null
              : "scores that do not fall into two groups (dip test, p %.2f)".formatted(unimodalP);
      case BOTH ->
          Math.min(highShare, 1 - highShare) >= MIN_GROUP_SHARE
              ? null
              : "a smaller group of %.0f %%, which looks like outliers,"
                  .formatted(100 * Math.min(highShare, 1 - highShare));
    };
  }

  /** Means, common variance and the share of the upper group. */
  private record Mixture(double lowMean, double highMean, double variance, double highShare) {

    /** {@return the groups of Otsu's threshold, which maximises the variance between them} */
    static Mixture otsu(double[] sorted) {
      int n = sorted.length;
      double total = Arrays.stream(sorted).sum();
      double below = 0;
      double greatest = -1;
      Mixture best = new Mixture(sorted[0], sorted[n - 1], 0, 0.5);
      for (int count = 1; count < n; count++) {
        below += sorted[count - 1];
        double low = below / count;
        double high = (total - below) / (n - count);
        double between = (double) count * (n - count) * (high - low) * (high - low);
        if (between > greatest) {
          greatest = between;
          best = new Mixture(low, high, 0, (double) (n - count) / n);
        }
      }
      int lower = (int) Math.round(n * (1 - best.highShare()));
      double squares = 0;
      for (int i = 0; i < n; i++) {
        double distance = sorted[i] - (i < lower ? best.lowMean() : best.highMean());
        squares += distance * distance;
      }
      return new Mixture(best.lowMean(), best.highMean(), squares / n, best.highShare());
    }

    Mixture emStep(double[] sorted) {
      double upper = 0;
      double upperSum = 0;
      double sum = 0;
      double[] chances = new double[sorted.length];
      for (int i = 0; i < sorted.length; i++) {
        double chance = 1 / (1 + StrictMath.exp(-logOdds(sorted[i])));
        chances[i] = chance;
        upper += chance;
        upperSum += chance * sorted[i];
        sum += sorted[i];
      }
      double otherHigh = upperSum / upper;
      double otherLow = (sum - upperSum) / (sorted.length - upper);
      double squares = 0;
      for (int i = 0; i < sorted.length; i++) {
        double fromHigh = sorted[i] - otherHigh;
        double fromLow = sorted[i] - otherLow;
        squares += chances[i] * fromHigh * fromHigh + (1 - chances[i]) * fromLow * fromLow;
      }
      return new Mixture(otherLow, otherHigh, squares / sorted.length, upper / sorted.length);
    }

    private double logOdds(double score) {
      return StrictMath.log(highShare / (1 - highShare))
          + (highMean - lowMean) * (score - midpoint()) / variance;
    }

    private double midpoint() {
      return (lowMean + highMean) / 2;
    }

    double threshold() {
      return midpoint()
          - variance * StrictMath.log(highShare / (1 - highShare)) / (highMean - lowMean);
    }
  }
}
