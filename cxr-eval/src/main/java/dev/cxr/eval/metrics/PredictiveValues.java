package dev.cxr.eval.metrics;

import java.util.Arrays;
import java.util.List;

/**
 * What a call would mean where the disease is rarer or more frequent than among the examples, by
 * Bayes' theorem from sensitivity and specificity.
 *
 * <p>The intervals are on the safe side of 95 %: a predictive value grows with sensitivity and with
 * specificity, and its bounds are those of the two proportions' Wilson intervals of 97.5 %, which
 * hold together in at least 95 % (Bonferroni).
 *
 * @param prevalence the share of positives, in (0, 1)
 * @param ppv the share of positives among those called positive
 * @param npv the share of negatives among those called negative
 */
public record PredictiveValues(double prevalence, Estimate ppv, Estimate npv) {

  private interface Bayes {
    double value(double sensitivity, double specificity);
  }

  /**
   * The predictive values at one prevalence after another.
   *
   * @param counts whose sensitivity and specificity are taken to hold there too
   * @param prevalences in (0, 1)
   * @throws IllegalArgumentException if a prevalence is out of range
   */
  public static List<PredictiveValues> at(ConfusionMatrix counts, double... prevalences) {
    return Arrays.stream(prevalences).mapToObj(prevalence -> at(counts, prevalence)).toList();
  }

  private static PredictiveValues at(ConfusionMatrix counts, double prevalence) {
    if (!(prevalence > 0 && prevalence < 1)) {
      throw new IllegalArgumentException(
          "expected prevalences between 0 and 1, found %s; a share, not per cent"
              .formatted(prevalence));
    }
    return new PredictiveValues(
        prevalence,
        estimate(
            counts,
            counts.tp() + counts.fp(),
            "no positive prediction",
            (sensitivity, specificity) ->
                share(sensitivity * prevalence, (1 - specificity) * (1 - prevalence))),
        estimate(
            counts,
            counts.tn() + counts.fn(),
            "no negative prediction",
            (sensitivity, specificity) ->
                share(specificity * (1 - prevalence), (1 - sensitivity) * prevalence)));
  }

  private static Estimate estimate(
      ConfusionMatrix counts, long calls, String undefinedReason, Bayes bayes) {
    long positives = counts.tp() + counts.fn();
    long negatives = counts.tn() + counts.fp();
    if (positives == 0 || negatives == 0 || calls == 0) {
      return new Estimate.Undefined(
          positives == 0
              ? "no positive example"
              : negatives == 0 ? "no negative example" : undefinedReason);
    }
    Interval sensitivity = Interval.wilsonBonferroni(counts.tp(), positives);
    Interval specificity = Interval.wilsonBonferroni(counts.tn(), negatives);
    return new Estimate.Defined(
        bayes.value((double) counts.tp() / positives, (double) counts.tn() / negatives),
        counts.n(),
        new Interval(
            bayes.value(sensitivity.low(), specificity.low()),
            bayes.value(sensitivity.high(), specificity.high())));
  }

  private static double share(double part, double rest) {
    return part / (part + rest);
  }
}
