package dev.cxr.eval.metrics.calibration;

import dev.cxr.eval.metrics.RankedScores;
import java.util.function.DoubleUnaryOperator;
import org.hipparchus.analysis.solvers.BracketingNthOrderBrentSolver;
import org.jspecify.annotations.Nullable;

/**
 * The logistic regression of ranked labels on one number for each distinct score, by greatest
 * likelihood.
 *
 * @param intercept in logits
 * @param slope per unit of the number
 * @param interceptVariance from the inverse of Fisher's information
 * @param slopeVariance likewise; 0 where the slope was given
 */
record LogisticRegression(
    double intercept, double slope, double interceptVariance, double slopeVariance) {

  private static final int MAX_ITERATIONS = 100;
  private static final double TOLERANCE = 1e-12;

  /** The likelihood at some intercept and slope, its gradient and its information. */
  private record Likelihood(
      double logLikelihood, double g0, double g1, double i00, double i01, double i11) {

    static Likelihood at(double intercept, double slope, double[] x, RankedScores ranking) {
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

    double determinant() {
      return i00 * i11 - i01 * i01;
    }
  }

  /** The intercept alone, the slope being 1. Asks for examples of both classes. */
  static LogisticRegression fitIntercept(double[] x, RankedScores ranking) {
    DoubleUnaryOperator gradient = intercept -> Likelihood.at(intercept, 1, x, ranking).g0();
    // Clipped logits lie within ±37, and the logit of a share of 2^31 examples within ±22.
    double intercept =
        new BracketingNthOrderBrentSolver(TOLERANCE, TOLERANCE, 5)
            .solve(MAX_ITERATIONS, gradient::applyAsDouble, -60, 60, 0);
    return new LogisticRegression(
        intercept, 1, 1 / Likelihood.at(intercept, 1, x, ranking).i00(), 0);
  }

  /**
   * Intercept and slope, by Newton's steps, each halved until the likelihood grows.
   *
   * @return the fit, or null where the steps do not come to rest; asks for classes that overlap
   */
  static @Nullable LogisticRegression fitLine(double[] x, RankedScores ranking) {
    double intercept = StrictMath.log((double) ranking.positives() / ranking.negatives());
    double slope = 0;
    Likelihood here = Likelihood.at(intercept, slope, x, ranking);
    for (int step = 0; step < MAX_ITERATIONS; step++) {
      double determinant = here.determinant();
      double upward0 = (here.i11() * here.g0() - here.i01() * here.g1()) / determinant;
      double upward1 = (here.i00() * here.g1() - here.i01() * here.g0()) / determinant;
      if (!(determinant > 0 && Double.isFinite(upward0) && Double.isFinite(upward1))) {
        return null;
      }
      if (Math.abs(upward0) <= TOLERANCE * (1 + Math.abs(intercept))
          && Math.abs(upward1) <= TOLERANCE * (1 + Math.abs(slope))) {
        return new LogisticRegression(
            intercept, slope, here.i11() / determinant, here.i00() / determinant);
      }
      double length = 1;
      Likelihood there = Likelihood.at(intercept + upward0, slope + upward1, x, ranking);
      // A step too small to be seen in the likelihood is taken as it is.
      while (there.logLikelihood()
              < here.logLikelihood() - TOLERANCE * Math.abs(here.logLikelihood())
          && length > TOLERANCE) {
        length /= 2;
        there = Likelihood.at(intercept + length * upward0, slope + length * upward1, x, ranking);
      }
      intercept += length * upward0;
      slope += length * upward1;
      here = there;
    }
    return null;
  }
}
