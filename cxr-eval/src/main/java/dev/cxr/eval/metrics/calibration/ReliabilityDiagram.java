package dev.cxr.eval.metrics.calibration;

import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.LabelledScores;
import dev.cxr.eval.metrics.RankedScores;
import java.util.ArrayList;
import java.util.List;

/**
 * Probabilities beside what happened, in bins of about equally many examples.
 *
 * @param bins ascending, none of them empty; no bins where {@code ece} is undefined
 * @param ece the expected calibration error, in [0, 1]: the distance between a bin's mean
 *     probability and its share of positives, averaged over the examples (M. P. Naeini, G. F.
 *     Cooper, M. Hauskrecht, "Obtaining well calibrated probabilities using Bayesian binning", AAAI
 *     2015; with quantile bins J. Nixon et al., "Measuring calibration in deep learning", 2019).
 *     Chance alone lifts it above 0, the more so the fewer examples a bin holds
 */
public record ReliabilityDiagram(List<Bin> bins, Estimate ece) {

  /** How many bins there are; fewer where scores tie across their borders. */
  public static final int BINS = 10;

  /**
   * Examples of neighbouring probabilities.
   *
   * @param lowest the lowest probability among them
   * @param highest the highest
   * @param mean their mean probability
   * @param positive the share of positives with Wilson's interval
   */
  public record Bin(double lowest, double highest, double mean, Estimate positive) {}

  /**
   * Bins probabilities. Equal ones stay together, in the bin that the middle of their ranks hits.
   */
  public static ReliabilityDiagram of(LabelledScores probabilities) {
    String defect = probabilities.undefinedReasonAsProbabilities();
    if (defect != null) {
      return new ReliabilityDiagram(List.of(), new Estimate.Undefined(defect));
    }
    RankedScores ranking = RankedScores.of(probabilities);
    List<Bin> bins = new ArrayList<>();
    double distances = 0;
    // Middles of ranks count from the top, times bins and doubled, so that all of it is whole.
    long bin = 2 * ranking.size();
    long notBelow = ranking.size();
    int lowest = ranking.cutoffs() - 1;
    while (lowest >= 0) {
      int highest = lowest;
      double sum = 0;
      long fromLowest = notBelow;
      long end = BINS * (notBelow + above(ranking, lowest)) / bin * bin;
      // Going up the scores the middle of the ranks falls; a division for each would take longest.
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

  /** How many examples score more than those of a cut. */
  private static long above(RankedScores ranking, int cutoff) {
    return cutoff == 0 ? 0 : ranking.truePositives(cutoff - 1) + ranking.falsePositives(cutoff - 1);
  }
}
