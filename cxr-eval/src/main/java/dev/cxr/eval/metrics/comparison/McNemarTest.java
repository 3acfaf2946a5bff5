package dev.cxr.eval.metrics.comparison;

import com.google.gson.annotations.SerializedName;
import dev.cxr.eval.metrics.Estimate;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.hipparchus.distribution.discrete.BinomialDistribution;

/**
 * Tests whether two models have the same accuracy on the same examples (Q. McNemar, "Note on the
 * sampling error of the difference between correlated proportions or percentages", Psychometrika
 * 12, 1947). Only examples that exactly one of them predicts correctly matter. It assumes
 * independent examples.
 *
 * @param firstOnlyCorrect the number of examples that only the first model predicts correctly
 * @param secondOnlyCorrect the number that only the second predicts correctly
 * @param method how p was computed
 * @param p the two-sided p-value; 1 if the models are correct on the same examples
 */
public record McNemarTest(
    long firstOnlyCorrect, long secondOnlyCorrect, Method method, Estimate p) {

  /** With fewer discordant examples than this the test is exact. */
  private static final long EXACT_TEST_LIMIT = 25;

  /** How a p-value was computed. */
  public enum Method {
    /** The binomial probability, for fewer than 25 discordant examples. */
    @SerializedName("exact binomial")
    EXACT_BINOMIAL,
    /**
     * Chi-square of one degree of freedom, with the continuity correction of A. L. Edwards, 1948.
     */
    @SerializedName("corrected chi-square")
    CORRECTED_CHI_SQUARE
  }

  /**
   * {@return the comparison of two models}
   *
   * @param first whether one model is correct on each example
   * @param second whether the other is, in the same order
   */
  public static McNemarTest of(boolean[] first, boolean[] second) {
    long firstAlone = 0;
    long secondAlone = 0;
    for (int i = 0; i < first.length; i++) {
      firstAlone += first[i] && !second[i] ? 1 : 0;
      secondAlone += second[i] && !first[i] ? 1 : 0;
    }
    Method method =
        firstAlone + secondAlone < EXACT_TEST_LIMIT
            ? Method.EXACT_BINOMIAL
            : Method.CORRECTED_CHI_SQUARE;
    Estimate p =
        first.length == 0
            ? new Estimate.Undefined("no example")
            : new Estimate.Defined(p(firstAlone, secondAlone, method), first.length);
    return new McNemarTest(firstAlone, secondAlone, method, p);
  }

  private static double p(long firstAlone, long secondAlone, Method method) {
    long either = firstAlone + secondAlone;
    if (method == Method.EXACT_BINOMIAL) {
      BinomialDistribution evenly = new BinomialDistribution((int) either, 0.5);
      return Math.min(1, 2 * evenly.cumulativeProbability((int) Math.min(firstAlone, secondAlone)));
    }
    double difference = Math.max(0, Math.abs(firstAlone - secondAlone) - 1);
    // The upper tail of chi-square of one degree, without loss of digits for tiny p.
    return 2
        * new NormalDistribution().cumulativeProbability(-difference / Math.sqrt((double) either));
  }
}
