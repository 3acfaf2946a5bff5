package dev.cxr.eval.metrics.calibration;

import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.LabelledScores;
import dev.cxr.eval.metrics.RankingMetrics;
import java.util.ArrayList;
import java.util.List;

/**
 * A reliability diagram: mean probability and share of positives in bins of about equal counts.
 *
 * @param bins ascending, none of them empty; no bins if {@code ece} is undefined
 * @param ece the expected calibration error, in [0, 1]: the distance between a bin's mean
 *     probability and its share of positives, averaged over the examples (M. P. Naeini, G. F.
 *     Cooper, M. Hauskrecht, "Obtaining well calibrated probabilities using Bayesian binning", AAAI
 *     2015; with quantile bins J. Nixon et al., "Measuring calibration in deep learning", 2019). It
 *     is above 0 by chance alone, the more so the fewer examples a bin holds
 */
public record ReliabilityDiagram(List<Bin> bins, Estimate ece) {

  /** The number of bins; there are fewer if scores tie across their borders. */
  public static final int BINS = 10;

  /**
   * A bin.
   *
   * @param lowest the lowest probability among them
   * @param highest the highest probability among them
   * @param mean their mean probability
   * @param positive the share of positives with Wilson's interval
   */
  public record Bin(double lowest, double highest, double mean, Estimate positive) {}

  /**
   * {@return the diagram of probabilities} Tied examples stay together, in the bin of their
   * mid-rank.
   *
   * @param probabilities probabilities in [0, 1]
   */
  public static ReliabilityDiagram of(LabelledScores probabilities) {
    String defect = probabilities.undefinedReasonAsProbabilities();
    if (defect != null) {
      return new ReliabilityDiagram(List.of(), new Estimate.Undefined(defect));
    }
    RankingMetrics ranking = RankingMetrics.of(probabilities);
    List<Bin> bins = new ArrayList<>();
    double distances = 0;
    // Mid-ranks from the top, times bins and doubled: all integers.
    long bin = 2 * ranking.size();
    long notBelow = ranking.size();
    int lowest = ranking.cutoffs() - 1;
    while (lowest >= 0) {
      int highest = lowest;
      double sum = 0;
      long fromLowest = notBelow;
      long end = BINS * (notBelow + above(ranking, lowest)) / bin * bin;
      // The mid-rank decreases with the score; a division for each would be slow.
      for (int k = lowest; k >= 0; k--) {
        long above = above(ranking, k);
        if (BINS * (notBelow + above) < end) {
          break;
        }
        sum += (notBelow - above) * ranking.score(k);
        notBelow = above;
        highest = k;
      }
      long size = fromLowest - notBelow;
      long positives =
          ranking.truePositives(lowest) - (highest == 0 ? 0 : ranking.truePositives(highest - 1));
      bins.add(
          new Bin(
              ranking.score(lowest),
              ranking.score(highest),
              sum / size,
              Estimate.proportion(positives, size, "")));
      distances += Math.abs(sum - positives);
      lowest = highest - 1;
    }
    return new ReliabilityDiagram(
        List.copyOf(bins), new Estimate.Defined(distances / ranking.size(), ranking.size()));
  }

  /** The number of examples that score higher than a cutoff. */
  private static long above(RankingMetrics ranking, int cutoff) {
    return cutoff == 0 ? 0 : ranking.truePositives(cutoff - 1) + ranking.falsePositives(cutoff - 1);
  }
}
