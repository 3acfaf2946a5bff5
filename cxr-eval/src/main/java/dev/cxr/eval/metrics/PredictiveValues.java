package dev.cxr.eval.metrics;

import java.util.Arrays;
import java.util.List;

/**
 * The predictive values at a prevalence other than that of the examples, by Bayes' theorem from
 * sensitivity and specificity.
 *
 * <p>The intervals are conservative: a predictive value increases with sensitivity and with
 * specificity, and its bounds use the Wilson intervals of 97.5 % of both, which hold jointly with
 * at least 95 % (Bonferroni).
 *
 * @param prevalence the share of positives, in (0, 1)
 * @param ppv the share of positives among those predicted positive
 * @param npv the share of negatives among those predicted negative
 */
public record PredictiveValues(double prevalence, Estimate ppv, Estimate npv) {

  private interface Bayes {
    double value(double sensitivity, double specificity);
  }

  /**
   * {@return the predictive values at each prevalence}
   *
   * @param counts whose sensitivity and specificity are assumed to hold at every prevalence
   * @param prevalences in (0, 1)
   * @throws IllegalArgumentException if a prevalence is out of range
   */
  public static List<PredictiveValues> at(ConfusionMatrix counts, double... prevalences) {
    return Arrays.stream(prevalences).mapToObj(prevalence -> at(counts, prevalence)).toList();
  }

  private static PredictiveValues at(ConfusionMatrix counts, double prevalence) {
    if (!(prevalence > 0 && prevalence < 1)) {
      throw new IllegalArgumentException(
          "expected prevalences between 0 and 1, found %s; a share, not a percentage"
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
