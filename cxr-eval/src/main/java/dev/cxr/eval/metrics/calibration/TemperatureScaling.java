package dev.cxr.eval.metrics.calibration;

import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.LabelledProbabilities;
import dev.cxr.eval.metrics.LabelledScores;
import dev.cxr.eval.metrics.ProperScoringRules;
import dev.cxr.eval.metrics.RankedScores;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.hipparchus.analysis.solvers.BracketingNthOrderBrentSolver;
import org.jspecify.annotations.Nullable;

/**
 * The number that logits are divided by so that the log loss is least (C. Guo, G. Pleiss, Y. Sun,
 * K. Q. Weinberger, "On calibration of modern neural networks", ICML 2017). It makes probabilities
 * more or less sure and leaves their order alone. Fit on validation, apply elsewhere.
 *
 * <p>Logits are taken back from probabilities, clipped as for {@link ProperScoringRules#logLoss};
 * what cannot be known of them, one shift for all classes, has no effect. The loss is convex in the
 * inverse temperature, so it is least where its slope is 0.
 *
 * @param value above 1 where the probabilities were too extreme, below 1 where too timid; undefined
 *     where the loss is least outside [1/1000, 1000]
 * @param before the log loss of the examples it was fitted to
 * @param after the same at this temperature; {@code before} where {@code value} is undefined
 */
public record TemperatureScaling(Estimate value, Estimate before, Estimate after) {

  private static final double LOG_HIGHEST = StrictMath.log(1000);

  /** Fits two-class probabilities. */
  public static TemperatureScaling of(LabelledScores validation) {
    String undefinedReason = validation.undefinedReasonAsProbabilities();
    RankedScores ranking = RankedScores.of(validation);
    Estimate value =
        fit(
            undefinedReason != null ? undefinedReason : ranking.singleClassReason(),
            validation.size(),
            inverse -> slope(ranking, inverse));
    return new TemperatureScaling(
        value,
        ProperScoringRules.logLoss(validation),
        ProperScoringRules.logLoss(apply(value, validation)));
  }

  /** Fits the probabilities of several classes. */
  public static TemperatureScaling of(LabelledProbabilities validation) {
    Estimate value =
        fit(validation.undefinedReason(), validation.size(), inverse -> slope(validation, inverse));
    return new TemperatureScaling(
        value,
        ProperScoringRules.logLoss(validation),
        ProperScoringRules.logLoss(apply(value, validation)));
  }

  /**
   * This one where it makes probabilities less sure; an undefined one, which leaves them as they
   * are, where it would make them surer.
   */
  public TemperatureScaling onlySoftening() {
    return value instanceof Estimate.Defined defined && defined.value() < 1
        ? new TemperatureScaling(
            new Estimate.Undefined("it would make the probabilities surer"), before, before)
        : this;
  }

  /** The value; 1, which changes nothing, where it is undefined. */
  public double valueOrOne() {
    return value instanceof Estimate.Defined defined ? defined.value() : 1;
  }

  /** The probabilities at this temperature; as they are where it is undefined. */
  public LabelledScores apply(LabelledScores probabilities) {
    return apply(value, probabilities);
  }

  /** The probabilities at this temperature; as they are where it is undefined. */
  public LabelledProbabilities apply(LabelledProbabilities probabilities) {
    return apply(value, probabilities);
  }

  private static LabelledScores apply(Estimate value, LabelledScores probabilities) {
    return value instanceof Estimate.Defined temperature
        ? probabilities.mapScores(p -> sigmoid(ProperScoringRules.logit(p) / temperature.value()))
        : probabilities;
  }

  private static LabelledProbabilities apply(Estimate value, LabelledProbabilities probabilities) {
    return value instanceof Estimate.Defined temperature
        ? probabilities.mapProbabilities(row -> scaled(row, 1 / temperature.value()))
        : probabilities;
  }

  /** Finds where a slope that rises with the inverse temperature is 0. */
  private static Estimate fit(@Nullable String reason, long size, DoubleUnaryOperator slope) {
    if (reason != null) {
      return new Estimate.Undefined(reason);
    }
    if (slope.applyAsDouble(StrictMath.exp(-LOG_HIGHEST)) >= 0) {
      return new Estimate.Undefined(
          "the higher the temperature the better, for the probabilities do not tell the classes apart");
    }
    if (slope.applyAsDouble(StrictMath.exp(LOG_HIGHEST)) <= 0) {
      return new Estimate.Undefined(
          "the lower the temperature the better, for every example is on the right side");
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

  private static double slope(RankedScores ranking, double inverse) {
    double sum = 0;
    for (int k = 0; k < ranking.cutoffs(); k++) {
      double logit = ProperScoringRules.logit(ranking.score(k));
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
    return StrictMath.log(ProperScoringRules.clip(probability));
  }
}
