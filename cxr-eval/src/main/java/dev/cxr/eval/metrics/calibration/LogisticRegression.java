package dev.cxr.eval.metrics.calibration;

import dev.cxr.eval.metrics.RankingMetrics;
import java.util.function.DoubleUnaryOperator;
import org.hipparchus.analysis.solvers.BracketingNthOrderBrentSolver;
import org.jspecify.annotations.Nullable;

/**
 * The logistic regression of ranked labels on one value for each distinct score, by maximum
 * likelihood.
 *
 * @param intercept in logits
 * @param slope per unit of the value
 * @param interceptVariance from the inverse Fisher information
 * @param slopeVariance likewise; 0 if the slope was fixed
 */
record LogisticRegression(
    double intercept, double slope, double interceptVariance, double slopeVariance) {

  private static final int MAX_ITERATIONS = 100;
  private static final double TOLERANCE = 1e-12;

  /** The log likelihood at an intercept and slope, its gradient and its Fisher information. */
  private record Likelihood(
      double logLikelihood, double g0, double g1, double i00, double i01, double i11) {

    static Likelihood at(double intercept, double slope, double[] x, RankingMetrics ranking) {
      double logLikelihood = 0;
      double g0 = 0;
      double g1 = 0;
      double i00 = 0;
      double i01 = 0;
      double i11 = 0;
      for (int k = 0; k < x.length; k++) {
        double n = ranking.positivesTied(k) + ranking.negativesTied(k);
        double logit = intercept + slope * x[k];
        double odds = StrictMath.exp(-Math.abs(logit));
        double p = (logit > 0 ? 1 : odds) / (1 + odds);
        double residual = ranking.positivesTied(k) - n * p;
        double weight = n * odds / ((1 + odds) * (1 + odds));
        logLikelihood +=
            ranking.positivesTied(k) * logit - n * (Math.max(logit, 0) + StrictMath.log1p(odds));
        g0 += residual;
        g1 += residual * x[k];
        i00 += weight;
        i01 += weight * x[k];
        i11 += weight * x[k] * x[k];
      }
      return new Likelihood(logLikelihood, g0, g1, i00, i01, i11);
    }
  }

  /**
   * {@return the fit of the intercept alone, with slope 1} It requires examples of both classes.
   */
  static LogisticRegression fitIntercept(double[] x, RankingMetrics ranking) {
    DoubleUnaryOperator gradient = intercept -> Likelihood.at(intercept, 1, x, ranking).g0();
    // Clipped logits lie within ±37, the logit of a share of 2^31 examples within ±22.
    double intercept =
        new BracketingNthOrderBrentSolver(TOLERANCE, TOLERANCE, 5)
            .solve(MAX_ITERATIONS, gradient::applyAsDouble, -60, 60, 0);
    return new LogisticRegression(
        intercept, 1, 1 / Likelihood.at(intercept, 1, x, ranking).i00(), 0);
  }

  /**
   * Fits intercept and slope by Newton's method with step halving.
   *
   * @return the fit, or null if it does not converge; it requires classes that overlap
   */
  static @Nullable LogisticRegression fitLine(double[] x, RankingMetrics ranking) {
    double intercept = StrictMath.log((double) ranking.positives() / ranking.negatives());
    double slope = 0;
    Likelihood current = Likelihood.at(intercept, slope, x, ranking);
    for (int i = 0; i < MAX_ITERATIONS; i++) {
      double determinant = current.i00() * current.i11() - current.i01() * current.i01();
      double step0 = (current.i11() * current.g0() - current.i01() * current.g1()) / determinant;
      double step1 = (current.i00() * current.g1() - current.i01() * current.g0()) / determinant;
      if (!(determinant > 0 && Double.isFinite(step0) && Double.isFinite(step1))) {
        return null;
      }
      if (Math.abs(step0) <= TOLERANCE * (1 + Math.abs(intercept))
          && Math.abs(step1) <= TOLERANCE * (1 + Math.abs(slope))) {
        return new LogisticRegression(
            intercept, slope, current.i11() / determinant, current.i00() / determinant);
      }
      double length = 1;
      Likelihood next = Likelihood.at(intercept + step0, slope + step1, x, ranking);
      // A step too small to change the likelihood is accepted.
      while (next.logLikelihood()
              < current.logLikelihood() - TOLERANCE * Math.abs(current.logLikelihood())
          && length > TOLERANCE) {
        length /= 2;
        next = Likelihood.at(intercept + length * step0, slope + length * step1, x, ranking);
      }
      intercept += length * step0;
      slope += length * step1;
      current = next;
    }
    return null;
  }
}
