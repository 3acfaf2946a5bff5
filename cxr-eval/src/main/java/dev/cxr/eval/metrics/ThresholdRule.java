package dev.cxr.eval.metrics;

import java.math.BigDecimal;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * How to choose an operating threshold from the scores of a validation split.
 *
 * <p>A threshold lies midway between two neighbouring distinct scores, so that rounding elsewhere
 * cannot move a score across it. If several thresholds are equally good, the highest is chosen, or
 * the lowest by {@link FalsePositiveRate}. Choose on one split and report on another: the metrics
 * on the scores that chose the threshold are optimistic.
 *
 * @since 0.1
 */
public sealed interface ThresholdRule {

  /** The forms that {@link #parse} accepts, for messages. */
  String VALID_FORMS = "youden, sensitivity=0.95, false-positive-rate=0.05, cost=5 or fixed=0.5";

  /** {@return the rule in words, such as "greatest Youden index"} */
  String description();

  /**
   * Chooses a threshold.
   *
   * @param validation scores of the positive class
   * @return the threshold; 0.5 and the reason if all scores are equal, a score is not finite, or a
   *     class that the rule needs is absent
   */
  default ChosenThreshold choose(LabelledScores validation) {
    RankingMetrics ranking = RankingMetrics.of(validation);
    String undefinedReason = undefinedReason(ranking);
    if (undefinedReason != null) {
      return ChosenThreshold.fallback(undefinedReason);
    }
    if (ranking.cutoffs() == 1) {
      return ChosenThreshold.fallback(
          "all %d scores equal %s".formatted(ranking.size(), ranking.score(0)));
    }
    double value = ranking.thresholdBelow(bestCutoff(ranking));
    return new ChosenThreshold(value, description(), ConfusionMatrix.of(ranking, value).youdenJ());
  }

  /**
   * {@return why the rule cannot choose, or null}
   *
   * @param ranking of the validation scores
   */
  default @Nullable String undefinedReason(RankingMetrics ranking) {
    return ranking.singleClassReason();
  }

  /**
   * {@return the lowest cutoff to predict positive, or -1 to predict none}
   *
   * @param ranking of two or more distinct scores for which the rule can choose
   */
  int bestCutoff(RankingMetrics ranking);

  /**
   * Describes a choice.
   *
   * @param choice what this rule chose
   * @param dataset what it was chosen on, such as "validation"
   * @return for example "greatest Youden index on validation"
   */
  default String describe(ChosenThreshold choice, String dataset) {
    return "%s on %s".formatted(choice.rule(), dataset);
  }

  /**
   * The greatest J = sensitivity + specificity - 1 (W. J. Youden, "Index for rating diagnostic
   * tests", Cancer 3, 1950). J is negative if every threshold is worse than chance.
   */
  record Youden() implements ThresholdRule {
    @Override
    public String description() {
      return "greatest Youden index";
    }

    @Override
    public int bestCutoff(RankingMetrics ranking) {
      return argMax(
          0,
          ranking.cutoffs() - 2, // the last predicts all positive: J is 0
          cutoff -> // in integers, so that ties are exact
          ranking.truePositives(cutoff) * ranking.negatives()
                  - ranking.falsePositives(cutoff) * ranking.positives());
    }
  }

  /**
   * The highest threshold that reaches a sensitivity.
   *
   * @param minimum the sensitivity, above 0 and at most 1
   */
  record Sensitivity(double minimum) implements ThresholdRule {
    /**
     * @param minimum the sensitivity, above 0 and at most 1
     * @throws IllegalArgumentException if the sensitivity is out of range
     */
    public Sensitivity {
      require(minimum > 0 && minimum <= 1, "a sensitivity above 0 and at most 1", minimum);
    }

    @Override
    public String description() {
      return "sensitivity of at least " + format(minimum);
    }

    @Override
    public @Nullable String undefinedReason(RankingMetrics ranking) {
      return ranking.noPositiveReason();
    }

    @Override
    public int bestCutoff(RankingMetrics ranking) {
      int cutoff = 0;
      while ((double) ranking.truePositives(cutoff) / ranking.positives() < minimum) {
        cutoff++;
      }
      return cutoff;
    }
  }

  /**
   * The lowest threshold that keeps a false positive rate. It needs no positive example, as in
   * anomaly detection.
   *
   * @param maximum the false positive rate, at least 0 and below 1
   */
  record FalsePositiveRate(double maximum) implements ThresholdRule {
    /**
     * @param maximum the false positive rate, at least 0 and below 1
     * @throws IllegalArgumentException if the rate is out of range
     */
    public FalsePositiveRate {
      require(maximum >= 0 && maximum < 1, "a false positive rate from 0 to below 1", maximum);
    }

    @Override
    public String description() {
      return "false positive rate of at most " + format(maximum);
    }

    @Override
    public @Nullable String undefinedReason(RankingMetrics ranking) {
      return ranking.noNegativeReason();
    }

    @Override
    public int bestCutoff(RankingMetrics ranking) {
      int cutoff = ranking.cutoffs() - 1;
      while (cutoff >= 0
          && (double) ranking.falsePositives(cutoff) / ranking.negatives() > maximum) {
        cutoff--;
      }
      return cutoff;
    }
  }

  /**
   * The lowest total cost at the validation split's own prevalence. The best threshold may predict
   * all examples positive, or none.
   *
   * @param costRatio how many false positives cost as much as one false negative, above 0
   */
  record Cost(double costRatio) implements ThresholdRule {
    /**
     * @param costRatio how many false positives cost as much as one false negative, above 0
     * @throws IllegalArgumentException if the ratio is not a finite number above 0
     */
    public Cost {
      require(costRatio > 0 && Double.isFinite(costRatio), "a cost ratio above 0", costRatio);
    }

    @Override
    public String description() {
      return "lowest cost where a false negative costs %s false positives"
          .formatted(format(costRatio));
    }

    @Override
    public int bestCutoff(RankingMetrics ranking) {
      return argMax(
          -1,
          ranking.cutoffs() - 1,
          cutoff ->
              cutoff < 0
                  ? 0
                  : costRatio * ranking.truePositives(cutoff) - ranking.falsePositives(cutoff));
    }
  }

  /**
   * The same threshold whatever the scores.
   *
   * @param threshold in [0, 1]
   */
  record Fixed(double threshold) implements ThresholdRule {
    /**
     * @param threshold the lowest score that is predicted positive
     * @throws IllegalArgumentException if the threshold is out of range
     */
    public Fixed {
      require(threshold >= 0 && threshold <= 1, "a threshold from 0 to 1", threshold);
    }

    @Override
    public String description() {
      return "fixed beforehand";
    }

    @Override
    public String describe(ChosenThreshold choice, String dataset) {
      return choice.rule();
    }

    @Override
    public ChosenThreshold choose(LabelledScores validation) {
      return new ChosenThreshold(
          threshold, description(), ConfusionMatrix.of(validation, threshold).youdenJ());
    }

    @Override
    public int bestCutoff(RankingMetrics ranking) {
      return ranking.cutoffsFrom(threshold) - 1;
    }
  }

  /**
   * {@return the rule that a text names in one of the {@link #VALID_FORMS}}
   *
   * @param text such as "sensitivity=0.95"
   * @throws IllegalArgumentException if it has another form, or its number is out of range
   */
  static ThresholdRule parse(String text) {
    int equals = text.indexOf('=');
    String name = equals < 0 ? text : text.substring(0, equals);
    if (name.equals("youden") && equals < 0) {
      return new Youden();
    }
    double amount = equals < 0 ? Double.NaN : Double.parseDouble(text.substring(equals + 1));
    return switch (name) {
      case "sensitivity" -> new Sensitivity(amount);
      case "false-positive-rate" -> new FalsePositiveRate(amount);
      case "cost" -> new Cost(amount);
      case "fixed" -> new Fixed(amount);
      default -> throw new IllegalArgumentException("no such rule");
    };
  }

  /** {@return the first of the best cutoffs in a range, which has the highest threshold} */
  private static int argMax(int first, int last, IntToDoubleFunction gain) {
    int best = first;
    for (int cutoff = first + 1; cutoff <= last; cutoff++) {
      best = gain.applyAsDouble(cutoff) > gain.applyAsDouble(best) ? cutoff : best;
    }
    return best;
  }

  private static void require(boolean holds, String expected, double found) {
    if (!holds) {
      throw new IllegalArgumentException(
          "expected %s, found %s; choose another".formatted(expected, found));
    }
  }

  private static String format(double number) {
    return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
  }
}
