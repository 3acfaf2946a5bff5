package dev.cxr.eval.prediction;

import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.Resampler;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.CholeskyDecomposition;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.RealVector;

/**
 * A logistic regression with a ridge on the 16 x 16 thumbnail of one region of a picture: how much
 * could be told without a look at a lung. Fitted by Newton's steps; few are needed, for the ridge
 * keeps it away from certainty.
 */
final class NonLungBaseline {

  private static final int SIDE = 16;
  private static final int FEATURES = SIDE * SIDE + 1;
  private static final double RIDGE = 1;
  private static final int MAX_ITERATIONS = 25;
  private static final double TOLERANCE = 1e-8;

  private final ImageRegion region;
  private final double[] weights;

  private NonLungBaseline(ImageRegion region, double[] weights) {
    this.region = region;
    this.weights = weights;
  }

  /** What it is shown of a picture: centred gray values of the region's thumbnail, and a 1. */
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
   * Learns.
   *
   * @param rows what {@link #features} gives for each training picture
   * @param positive the label of each
   */
  static NonLungBaseline fit(ImageRegion region, double[][] rows, boolean[] positive) {
    double[] weights = new double[FEATURES];
    for (int step = 0; step < MAX_ITERATIONS; step++) {
      double[] gradient = new double[FEATURES];
      double[][] information = new double[FEATURES][FEATURES];
      for (int i = 0; i < FEATURES - 1; i++) { // the constant is free
        gradient[i] = -RIDGE * weights[i];
        information[i][i] = RIDGE;
      }
      information[FEATURES - 1][FEATURES - 1] = 1e-6; // so that one class alone can be solved too
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

  /** The probability of the positive class, by this region alone. */
  double predict(GrayImage image) {
    return probability(weights, features(region, image));
  }
}
