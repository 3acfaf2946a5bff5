package dev.cxr.eval.metrics;

import java.math.BigDecimal;

/**
 * How an operating threshold is chosen from the scores of a validation split.
 *
 * <p>A threshold lies midway between two neighbouring distinct scores, so that no score sits on it
 * and rounding elsewhere cannot carry one across. Of several that serve a rule equally well the
 * highest wins, which is the most specific, but for {@link FalsePositiveRate}. Choose on one split
 * and report on another: on its own scores the choice flatters itself.
 */
public sealed interface ThresholdRule {

  /** The rule as a phrase for people, such as "greatest Youden index". */
  String description();

  /**
   * Chooses from scores.
   *
   * @return the choice; 0.5 with the reason if all scores are equal, one is no finite number, or a
   *     class that the rule speaks of is absent
   */
  default ChosenThreshold choose(LabelledScores validation) {
    return OptimalThreshold.choose(this, validation);
  }

  /**
   * What to say of a choice.
   *
   * @param on what it was made on, such as "validation"
   */
  default String describe(ChosenThreshold choice, String on) {
    return "%s on %s".formatted(choice.rule(), on);
  }

  /**
   * The greatest J = sensitivity + specificity - 1 (W. J. Youden, "Index for rating diagnostic
   * tests", Cancer 3, 1950). J is negative where every cut does worse than chance.
   */
  record Youden() implements ThresholdRule {
    @Override
    public String description() {
      return "greatest Youden index";
    }
  }

  /**
   * The highest threshold that still finds enough of the positive examples.
   *
   * @param minimum the sensitivity wanted, above 0 and up to 1
   */
  record Sensitivity(double minimum) implements ThresholdRule {
    /**
     * @throws IllegalArgumentException if the sensitivity is out of range
     */
    public Sensitivity {
      require(minimum > 0 && minimum <= 1, "a sensitivity above 0 and up to 1", minimum);
    }

    @Override
    public String description() {
      return "sensitivity of at least " + format(minimum);
    }
  }

  /**
   * The lowest threshold that calls few enough of the negative examples positive. It needs no
   * positive example, as when anomalies are sought among normals.
   *
   * @param maximum the false positive rate wanted, at least 0 and below 1
   */
  record FalsePositiveRate(double maximum) implements ThresholdRule {
    /**
     * @throws IllegalArgumentException if the rate is out of range
     */
    public FalsePositiveRate {
      require(maximum >= 0 && maximum < 1, "a false positive rate from 0 to below 1", maximum);
    }

    @Override
    public String description() {
      return "false positive rate of at most " + format(maximum);
    }
  }

  /**
   * The least total cost at the validation split's own share of positives. It may well be to call
   * all examples positive, or none.
   *
   * @param costRatio how many false alarms cost as much as one missed positive, above 0
   */
  record Cost(double costRatio) implements ThresholdRule {
    /**
     * @throws IllegalArgumentException if the ratio is not a finite number above 0
     */
    public Cost {
      require(costRatio > 0 && Double.isFinite(costRatio), "a cost ratio above 0", costRatio);
    }

    @Override
    public String description() {
      return "least cost where a missed positive costs %s false alarms"
          .formatted(format(costRatio));
    }
  }

  /**
   * No choice: the same whatever the scores.
   *
   * @param threshold in [0, 1]
   */
  record Fixed(double threshold) implements ThresholdRule {
    /**
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
    public String describe(ChosenThreshold choice, String on) {
      return choice.rule();
    }

    @Override
    public ChosenThreshold choose(LabelledScores validation) {
      return new ChosenThreshold(
          threshold, description(), ConfusionMatrix.of(validation, threshold).youdenJ());
    }
  }

  /** What {@link #parse} reads, for messages. */
  String VALID_FORMS = "youden, sensitivity=0.95, false-positive-rate=0.05, cost=5 or fixed=0.5";

  /**
   * Reads a rule as people type it: see {@link #VALID_FORMS}.
   *
   * @throws IllegalArgumentException if it is none, or its number is out of range
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
