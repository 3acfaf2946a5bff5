package dev.cxr.eval.prediction;

import java.util.function.IntToDoubleFunction;

/** Similarity of two gray images of the same size: row-major pixels in [0, 1]. */
final class ImageSimilarity {

  private static final int WINDOW = 11;
  private static final double SIGMA = 1.5;
  private static final double C1 = 0.01 * 0.01;
  private static final double C2 = 0.03 * 0.03;
  private static final double[] GAUSSIAN = gaussian();

  private ImageSimilarity() {}

  /**
   * {@return the mean squared difference of the pixels, in [0, 1]; NaN if a pixel is NaN}
   *
   * @param first (height x width) pixels, row by row
   * @param second likewise
   */
  static double meanSquaredError(float[] first, float[] second) {
    double sum = 0;
    for (int i = 0; i < first.length; i++) {
      double difference = (double) first[i] - second[i];
      sum += difference * difference;
    }
    return sum / first.length;
  }

  /**
   * {@return the mean structural similarity, in [-1, 1], 1 for equal images} (Z. Wang, A. C. Bovik,
   * H. R. Sheikh, E. P. Simoncelli, "Image quality assessment: from error visibility to structural
   * similarity", IEEE Transactions on Image Processing 13, 2004): Gaussian windows of 11 x 11
   * pixels and sigma 1.5 that lie fully inside, K1 = 0.01, K2 = 0.03, range 1. It is NaN for images
   * smaller than a window and if a pixel is NaN.
   *
   * @param first (height x width) pixels in [0, 1], row by row
   * @param second likewise
   * @param width of both, in pixels
   */
  static double ssim(float[] first, float[] second, int width) {
    int height = first.length / width;
    if (Math.min(width, height) < WINDOW) {
      return Double.NaN;
    }
    double[] meanFirst = gaussianFilter(width, height, i -> first[i]);
    double[] meanSecond = gaussianFilter(width, height, i -> second[i]);
    double[] squareFirst = gaussianFilter(width, height, i -> (double) first[i] * first[i]);
    double[] squareSecond = gaussianFilter(width, height, i -> (double) second[i] * second[i]);
    double[] product = gaussianFilter(width, height, i -> (double) first[i] * second[i]);
    double sum = 0;
    for (int w = 0; w < product.length; w++) {
      double means = meanFirst[w] * meanSecond[w];
      double squares = meanFirst[w] * meanFirst[w] + meanSecond[w] * meanSecond[w];
      double covariance = product[w] - means;
      double variances = squareFirst[w] + squareSecond[w] - squares;
      sum += (2 * means + C1) * (2 * covariance + C2) / ((squares + C1) * (variances + C2));
    }
    return sum / product.length;
  }

  /** Gaussian means over the windows inside, row by row; separable. */
  private static double[] gaussianFilter(int width, int height, IntToDoubleFunction pixel) {
    int across = width - WINDOW + 1;
    int down = height - WINDOW + 1;
    double[] rows = new double[across * height];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < across; x++) {
        for (int k = 0; k < WINDOW; k++) {
          rows[y * across + x] += GAUSSIAN[k] * pixel.applyAsDouble(y * width + x + k);
        }
      }
    }
    double[] means = new double[across * down];
    for (int i = 0; i < means.length; i++) {
      for (int k = 0; k < WINDOW; k++) {
        means[i] += GAUSSIAN[k] * rows[i + k * across];
      }
    }
    return means;
  }

  private static double[] gaussian() {
    double[] weights = new double[WINDOW];
    double sum = 0;
    for (int k = 0; k < WINDOW; k++) {
      double distance = (k - WINDOW / 2) / SIGMA;
      weights[k] = StrictMath.exp(-distance * distance / 2);
      sum += weights[k];
    }
    for (int k = 0; k < WINDOW; k++) {
      weights[k] /= sum;
    }
    return weights;
  }
}
