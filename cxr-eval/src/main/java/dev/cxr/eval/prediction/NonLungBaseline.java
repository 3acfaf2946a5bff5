package dev.cxr.eval.prediction;

import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.Resampler;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.CholeskyDecomposition;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.RealVector;

/**
 * A ridge logistic regression on the 16 x 16 thumbnail of one image region: a baseline that never
 * sees the lungs. Fitted by Newton's method.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record NonLungBaseline(ImageRegion region, double[] weights) {

  private static final int SIDE = 16;
  private static final int FEATURES = SIDE * SIDE + 1;
  private static final double RIDGE = 1;
  private static final int MAX_ITERATIONS = 25;
  private static final double TOLERANCE = 1e-8;

  /** {@return centred gray values of the region's thumbnail, and 1 for the intercept} */
  static double[] features(ImageRegion region, GrayImage image) {
    byte[] thumbnail = Resampler.resize(region.maskOutside(image), SIDE, SIDE).pixels();
    double[] features = new double[FEATURES];
    for (int i = 0; i < thumbnail.length; i++) {
      features[i] = (thumbnail[i] & 0xFF) / 127.5 - 1;
    }
    features[FEATURES - 1] = 1;
    return features;
  }

  /**
   * Fits the regression.
   *
   * @param rows the {@link #features} of each training image
   * @param positive the label of each
   */
  static NonLungBaseline fit(ImageRegion region, double[][] rows, boolean[] positive) {
    double[] weights = new double[FEATURES];
    for (int step = 0; step < MAX_ITERATIONS; step++) {
      double[] gradient = new double[FEATURES];
      double[][] information = new double[FEATURES][FEATURES];
      for (int i = 0; i < FEATURES - 1; i++) { // no ridge on the intercept
        gradient[i] = -RIDGE * weights[i];
        information[i][i] = RIDGE;
      }
      information[FEATURES - 1][FEATURES - 1] = 1e-6; // keeps a single class solvable
      for (int r = 0; r < rows.length; r++) {
        double p = probability(weights, rows[r]);
        accumulate(rows[r], (positive[r] ? 1 : 0) - p, p * (1 - p), gradient, information);
      }
      for (int i = 0; i < FEATURES; i++) {
        for (int j = 0; j < i; j++) {
          information[j][i] = information[i][j];
        }
      }
      RealMatrix matrix = new Array2DRowRealMatrix(information, false);
      RealVector move =
          new CholeskyDecomposition(matrix).getSolver().solve(new ArrayRealVector(gradient, false));
      for (int i = 0; i < FEATURES; i++) {
        weights[i] += move.getEntry(i);
      }
      if (move.getLInfNorm() < TOLERANCE) {
        break;
      }
    }
    return new NonLungBaseline(region, weights);
  }

  private static void accumulate(
      double[] row, double residual, double weight, double[] gradient, double[][] information) {
    for (int i = 0; i < FEATURES; i++) {
      gradient[i] += residual * row[i];
      double own = weight * row[i];
      double[] into = information[i];
      for (int j = 0; j <= i; j++) {
        into[j] += own * row[j];
      }
    }
  }

  private static double probability(double[] weights, double[] row) {
    double logit = 0;
    for (int i = 0; i < FEATURES; i++) {
      logit += weights[i] * row[i];
    }
    return 1 / (1 + StrictMath.exp(-logit));
  }

  /** {@return the probability of the positive class from this region alone} */
  double predict(GrayImage image) {
    return probability(weights, features(region, image));
  }
}
