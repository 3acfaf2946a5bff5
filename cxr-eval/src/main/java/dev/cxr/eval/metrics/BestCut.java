package dev.cxr.eval.metrics;

import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Finds the cut through ranked scores that serves a {@link ThresholdRule} best. Cut {@code k} calls
 * the {@code k + 1} highest distinct scores positive; {@link #NONE} calls none so.
 */
final class BestCut {

  private static final int NONE = -1;

  private BestCut() {}

  static Threshold threshold(ThresholdRule rule, LabelledScores examples) {
    Ranking ranking = Ranking.of(examples);
    String obstacle = obstacle(rule, ranking);
    if (obstacle != null) {
      return Threshold.fallback(obstacle);
    }
    double value = between(ranking, find(rule, ranking));
    return new Threshold(value, rule.words(), ConfusionMatrix.of(examples, value).youdenJ());
  }

  private static @Nullable String obstacle(ThresholdRule rule, Ranking ranking) {
    String absent =
        rule instanceof ThresholdRule.Sensitivity
            ? ranking.noPositive()
            : rule instanceof ThresholdRule.FalsePositiveRate
                ? ranking.noNegative()
                : ranking.oneClass();
    return absent == null && ranking.cuts() == 1
        ? "all %d scores equal %s".formatted(ranking.size(), ranking.score(0))
        : absent;
  }

  private static int find(ThresholdRule rule, Ranking ranking) {
    int last = ranking.cuts() - 1;
    double positives = ranking.positives();
    double negatives = ranking.negatives();
    if (rule instanceof ThresholdRule.Sensitivity wanted) {
      int cut = 0;
      while (ranking.truePositives(cut) / positives < wanted.atLeast()) {
        cut++;
      }
      return cut;
    }
    if (rule instanceof ThresholdRule.FalsePositiveRate wanted) {
      int cut = last;
      while (cut >= 0 && ranking.falsePositives(cut) / negatives > wanted.atMost()) {
        cut--;
      }
      return cut;
    }
    if (rule instanceof ThresholdRule.Cost cost) {
      return greatest(
          NONE,
          last,
          cut ->
              cut == NONE
                  ? 0
                  : cost.falseAlarms() * ranking.truePositives(cut) - ranking.falsePositives(cut));
    }
    // Whole numbers, so that ties are seen as ties. The last cut calls all positive: J is 0 there.
    return greatest(
        0,
        last - 1,
        cut ->
            ranking.truePositives(cut) * ranking.negatives()
                - ranking.falsePositives(cut) * ranking.positives());
  }

  private static int greatest(int first, int last, IntToDoubleFunction gain) {
    int best = first;
    for (int cut = first + 1; cut <= last; cut++) {
      if (gain.applyAsDouble(cut) > gain.applyAsDouble(best)) {
        best = cut;
      }
    }
    return best;
  }

  /** A threshold between a cut's lowest positive score and the highest below. */
  private static double between(Ranking ranking, int cut) {
    int last = ranking.cuts() - 1;
    if (cut == NONE) {
      double highest = ranking.score(0);
      return highest < 1 ? midpoint(highest, 1) : Math.nextUp(highest);
    }
    if (cut == last) {
      double lowest = ranking.score(last);
      return lowest > 0 ? midpoint(0, lowest) : lowest;
    }
    return midpoint(ranking.score(cut + 1), ranking.score(cut));
  }

  /** The middle of two scores; the upper one where no number lies between them. */
  private static double midpoint(double lower, double upper) {
    double middle = lower / 2 + upper / 2; // halved first: the sum of two scores may overflow
    return lower < middle && middle < upper ? middle : upper;
  }
}
