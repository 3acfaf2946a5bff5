package dev.cxr.eval.metrics.calibration;

import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.LabelledProbabilities;
import dev.cxr.eval.metrics.LabelledScores;
import dev.cxr.eval.metrics.Logit;
import dev.cxr.eval.metrics.RankingMetrics;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.hipparchus.analysis.solvers.BracketingNthOrderBrentSolver;
import org.jspecify.annotations.Nullable;

/**
 * The temperature that logits are divided by to minimise the log loss (C. Guo, G. Pleiss, Y. Sun,
 * K. Q. Weinberger, "On calibration of modern neural networks", ICML 2017). It makes probabilities
 * more or less confident and keeps their order. Fit it on validation, apply it elsewhere.
 *
 * <p>Logits are recovered from clipped probabilities ({@link Logit}) up to one shift for all
 * classes, which has no effect. The loss is convex in the inverse temperature, so it is minimal
 * where its slope is 0.
 *
 * @param value above 1 if the probabilities were overconfident, below 1 if underconfident;
 *     undefined if the optimum lies outside [1/1000, 1000]
 * @param before the log loss on the examples it was fitted to
 * @param after the same at this temperature; {@code before} if {@code value} is undefined
 */
public record TemperatureScaling(Estimate value, Estimate before, Estimate after) {

  private static final double LOG_HIGHEST = StrictMath.log(1000);

  /**
   * {@return the temperature fitted to two-class probabilities}
   *
   * @param validation validation examples to fit the temperature to
   */
  public static TemperatureScaling of(LabelledScores validation) {
    String undefinedReason = validation.undefinedReasonAsProbabilities();
    RankingMetrics ranking = RankingMetrics.of(validation);
    Estimate value =
        fit(
            undefinedReason != null ? undefinedReason : ranking.singleClassReason(),
            validation.size(),
            inverse -> slope(ranking, inverse));
    Estimate before = validation.logLoss();
    TemperatureScaling fitted = new TemperatureScaling(value, before, before);
    return new TemperatureScaling(value, before, fitted.apply(validation).logLoss());
  }

  /**
   * {@return the temperature fitted to the probabilities of several classes}
   *
   * @param validation validation examples to fit the temperature to
   */
  public static TemperatureScaling of(LabelledProbabilities validation) {
    Estimate value =
        fit(validation.undefinedReason(), validation.size(), inverse -> slope(validation, inverse));
    Estimate before = validation.logLoss();
    TemperatureScaling fitted = new TemperatureScaling(value, before, before);
    return new TemperatureScaling(value, before, fitted.apply(validation).logLoss());
  }

  /**
   * {@return this temperature if it makes probabilities less confident, else an undefined one,
   * which leaves them unchanged}
   */
  public TemperatureScaling onlySoftening() {
    return value.valueOr(1) < 1
        ? new TemperatureScaling(
            new Estimate.Undefined("it would make the probabilities more confident"),
            before,
            before)
        : this;
  }

  /** {@return the value, or 1 if it is undefined} */
  public double valueOrOne() {
    return value.valueOr(1);
  }

  /**
   * {@return the probabilities at this temperature; unchanged if it is undefined}
   *
   * @param probabilities probabilities in [0, 1]
   */
  public LabelledScores apply(LabelledScores probabilities) {
    return value instanceof Estimate.Defined temperature
        ? probabilities.mapScores(p -> sigmoid(Logit.of(p) / temperature.value()))
        : probabilities;
  }

  /**
   * {@return the probabilities at this temperature; unchanged if it is undefined}
   *
   * @param probabilities probabilities in [0, 1]
   */
  public LabelledProbabilities apply(LabelledProbabilities probabilities) {
    return value instanceof Estimate.Defined temperature
        ? probabilities.mapProbabilities(row -> scaled(row, 1 / temperature.value()))
        : probabilities;
  }

  /** Finds the root of a slope that increases with the inverse temperature. */
  private static Estimate fit(@Nullable String reason, long size, DoubleUnaryOperator slope) {
    if (reason != null) {
      return new Estimate.Undefined(reason);
    }
    if (slope.applyAsDouble(StrictMath.exp(-LOG_HIGHEST)) >= 0) {
      return new Estimate.Undefined(
          "no finite temperature is optimal, because the probabilities do not separate the classes");
    }
    if (slope.applyAsDouble(StrictMath.exp(LOG_HIGHEST)) <= 0) {
      return new Estimate.Undefined(
          "no temperature above 0 is optimal, because every prediction is correct");
    }
    double logInverse =
        new BracketingNthOrderBrentSolver(1e-13, 1e-13, 5)
            .solve(
                1000,
                log -> slope.applyAsDouble(StrictMath.exp(log)),
                -LOG_HIGHEST,
                LOG_HIGHEST,
                0);
    return new Estimate.Defined(StrictMath.exp(-logInverse), size);
  }

  private static double slope(RankingMetrics ranking, double inverse) {
    double sum = 0;
    for (int k = 0; k < ranking.cutoffs(); k++) {
      double logit = Logit.of(ranking.score(k));
      double p = sigmoid(logit * inverse);
      sum += logit * (ranking.negativesTied(k) * p - ranking.positivesTied(k) * (1 - p));
    }
    return sum;
  }

  private static double slope(LabelledProbabilities examples, double inverse) {
    double sum = 0;
    for (int i = 0; i < examples.length(); i++) {
      double[] row = examples.probabilities(i);
      double[] softened = scaled(row, inverse);
      double own = -log(row[examples.actual(i)]);
      for (int c = 0; c < row.length; c++) {
        own += softened[c] * log(row[c]);
      }
      sum += examples.weights(i) * own;
    }
    return sum;
  }

  private static double sigmoid(double logit) {
    return 1 / (1 + StrictMath.exp(-logit));
  }

  private static double[] scaled(double[] row, double inverse) {
    double highest = Arrays.stream(row).max().orElse(1);
    double[] powers =
        Arrays.stream(row).map(p -> StrictMath.exp(inverse * (log(p) - log(highest)))).toArray();
    double sum = Arrays.stream(powers).sum();
    return Arrays.stream(powers).map(power -> power / sum).toArray();
  }

  private static double log(double probability) {
    return StrictMath.log(Logit.clip(probability));
  }
}
