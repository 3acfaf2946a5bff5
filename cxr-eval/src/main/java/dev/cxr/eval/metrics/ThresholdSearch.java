package dev.cxr.eval.metrics;

import java.util.function.IntSupplier;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Chooses a threshold among the cutoffs of ranked scores. Cutoff {@code k} predicts the {@code k +
 * 1} highest distinct scores positive, {@link #NONE} predicts none.
 */
final class ThresholdSearch {

  static final int NONE = -1;

  private ThresholdSearch() {}

  /**
   * Chooses a threshold.
   *
   * @param rule the rule in words
   * @param undefinedReason why the rule cannot choose, or null
   * @param bestCutoff the rule; not called where it cannot choose
   */
  static ChosenThreshold choose(
      String rule,
      RankingMetrics ranking,
      @Nullable String undefinedReason,
      IntSupplier bestCutoff) {
    if (undefinedReason != null) {
      return ChosenThreshold.fallback(undefinedReason);
    }
    if (ranking.cutoffs() == 1) {
      return ChosenThreshold.fallback(
          "all %d scores equal %s".formatted(ranking.size(), ranking.score(0)));
    }
    double value = thresholdBelow(ranking, bestCutoff.getAsInt());
    return new ChosenThreshold(value, rule, ConfusionMatrix.of(ranking, value).youdenJ());
  }

  /** {@return the first of the best cutoffs in a range, which has the highest threshold} */
  static int argMax(int first, int last, IntToDoubleFunction gain) {
    int best = first;
    for (int cutoff = first + 1; cutoff <= last; cutoff++) {
      if (gain.applyAsDouble(cutoff) > gain.applyAsDouble(best)) {
        best = cutoff;
      }
    }
    return best;
  }

  /** {@return a threshold between the lowest score above the cutoff and the highest below it} */
  private static double thresholdBelow(RankingMetrics ranking, int cutoff) {
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

  /** {@return the middle of two scores, or the upper one where no number lies between them} */
  private static double midpoint(double lower, double upper) {
    double middle = lower / 2 + upper / 2; // the sum of two scores may overflow
    return lower < middle && middle < upper ? middle : upper;
  }
}
