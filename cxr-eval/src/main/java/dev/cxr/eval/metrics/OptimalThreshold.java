package dev.cxr.eval.metrics;

import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Finds the cut through ranked scores that serves a {@link ThresholdRule} best. Cut {@code k} calls
 * the {@code k + 1} highest distinct scores positive; {@link #NONE} calls none so.
 */
final class OptimalThreshold {

  private static final int NONE = -1;

  private OptimalThreshold() {}

  static ChosenThreshold choose(ThresholdRule rule, LabelledScores examples) {
    RankedScores ranking = RankedScores.of(examples);
    String obstacle = undefinedReason(rule, ranking);
    if (obstacle != null) {
      return ChosenThreshold.fallback(obstacle);
    }
    double value = thresholdBelow(ranking, bestCutoff(rule, ranking));
    return new ChosenThreshold(
        value, rule.description(), ConfusionMatrix.of(examples, value).youdenJ());
  }

  private static @Nullable String undefinedReason(ThresholdRule rule, RankedScores ranking) {
    String absent =
        rule instanceof ThresholdRule.Sensitivity
            ? ranking.noPositiveReason()
            : rule instanceof ThresholdRule.FalsePositiveRate
                ? ranking.noNegativeReason()
                : ranking.singleClassReason();
    return absent == null && ranking.cutoffs() == 1
        ? "all %d scores equal %s".formatted(ranking.size(), ranking.score(0))
        : absent;
  }

  private static int bestCutoff(ThresholdRule rule, RankedScores ranking) {
    int last = ranking.cutoffs() - 1;
    double positives = ranking.positives();
    double negatives = ranking.negatives();
    if (rule instanceof ThresholdRule.Sensitivity wanted) {
      int cutoff = 0;
      while (ranking.truePositives(cutoff) / positives < wanted.minimum()) {
        cutoff++;
      }
      return cutoff;
    }
    if (rule instanceof ThresholdRule.FalsePositiveRate wanted) {
      int cutoff = last;
      while (cutoff >= 0 && ranking.falsePositives(cutoff) / negatives > wanted.maximum()) {
        cutoff--;
      }
      return cutoff;
    }
    if (rule instanceof ThresholdRule.Cost cost) {
      return argMax(
          NONE,
          last,
          cutoff ->
              cutoff == NONE
                  ? 0
                  : cost.costRatio() * ranking.truePositives(cutoff)
                      - ranking.falsePositives(cutoff));
    }
    // Whole numbers, so that ties are seen as ties. The last cut calls all positive: J is 0 there.
    return argMax(
        0,
        last - 1,
        cutoff ->
            ranking.truePositives(cutoff) * ranking.negatives()
                - ranking.falsePositives(cutoff) * ranking.positives());
  }

  private static int argMax(int first, int last, IntToDoubleFunction gain) {
    int best = first;
    for (int cutoff = first + 1; cutoff <= last; cutoff++) {
      if (gain.applyAsDouble(cutoff) > gain.applyAsDouble(best)) {
        best = cutoff;
      }
    }
    return best;
  }

  /** A threshold between a cut's lowest positive score and the highest below. */
  private static double thresholdBelow(RankedScores ranking, int cutoff) {
    int last = ranking.cutoffs() - 1;
    if (cutoff == NONE) {
      double highest = ranking.score(0);
      return highest < 1 ? midpoint(highest, 1) : Math.nextUp(highest);
    }
    if (cutoff == last) {
      double lowest = ranking.score(last);
      return lowest > 0 ? midpoint(0, lowest) : lowest;
    }
    return midpoint(ranking.score(cutoff + 1), ranking.score(cutoff));
  }

  /** The middle of two scores; the upper one where no number lies between them. */
  private static double midpoint(double lower, double upper) {
    double middle = lower / 2 + upper / 2; // halved first: the sum of two scores may overflow
    return lower < middle && middle < upper ? middle : upper;
  }
}
