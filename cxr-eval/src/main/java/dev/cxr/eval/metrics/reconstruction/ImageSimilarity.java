package dev.cxr.eval.metrics.reconstruction;

import dev.cxr.eval.metrics.Estimate;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Similarity of two gray images of the same size: row-major pixels in [0, 1]. */
public final class ImageSimilarity {

  private static final int WINDOW = 11;
  private static final double SIGMA = 1.5;
  private static final double C1 = 0.01 * 0.01;
  private static final double C2 = 0.03 * 0.03;
  private static final double[] GAUSSIAN = gaussian();

  private ImageSimilarity() {}

  /**
   * {@return the mean squared difference of the pixels, in [0, 1]; {@code n} counts pixels} It is
   * undefined if a pixel is not finite.
   *
   * @param first (height x width) pixels, row by row
   * @param second likewise
   * @throws IllegalArgumentException if the images differ in size
   */
  public static Estimate meanSquaredError(float[] first, float[] second) {
    String undefinedReason = undefinedReason(first, second);
    if (undefinedReason != null) {
      return new Estimate.Undefined(undefinedReason);
    }
    double sum = 0;
    for (int i = 0; i < first.length; i++) {
      double difference = (double) first[i] - second[i];
      sum += difference * difference;
    }
    return new Estimate.Defined(sum / first.length, first.length);
  }

  /**
   * {@return the mean structural similarity, in [-1, 1], 1 for equal images; {@code n} counts
   * windows} (Z. Wang, A. C. Bovik, H. R. Sheikh, E. P. Simoncelli, "Image quality assessment: from
   * error visibility to structural similarity", IEEE Transactions on Image Processing 13, 2004):
   * Gaussian windows of 11 x 11 pixels and sigma 1.5 that lie fully inside, K1 = 0.01, K2 = 0.03,
   * range 1. It is undefined for images smaller than a window and if a pixel is not finite.
   *
   * @param first (height x width) pixels in [0, 1], row by row
   * @param second likewise
   * @param width of both, in pixels
   * @throws IllegalArgumentException if the images differ in size or have an incomplete row
   */
  public static Estimate ssim(float[] first, float[] second, int width) {
    if (width < 1 || first.length % width != 0) {
      throw new IllegalArgumentException(
          "expected complete rows, found %d pixels of width %d; pass the width of both images"
              .formatted(first.length, width));
    }
    String undefinedReason = undefinedReason(first, second);
    int height = first.length / width;
    if (undefinedReason == null && Math.min(width, height) < WINDOW) {
      undefinedReason = "an image of %d x %d is smaller than a window".formatted(width, height);
    }
    if (undefinedReason != null) {
      return new Estimate.Undefined(undefinedReason);
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
    return new Estimate.Defined(sum / product.length, product.length);
  }

  private static @Nullable String undefinedReason(float[] first, float[] second) {
    if (first.length != second.length) {
      throw new IllegalArgumentException(
          "expected images of the same size, found %d and %d pixels; resize one first"
              .formatted(first.length, second.length));
    }
    for (int i = 0; i < first.length; i++) {
      if (!Float.isFinite(first[i]) || !Float.isFinite(second[i])) {
        return "pixel %d is not a finite number".formatted(i);
      }
    }
    return first.length == 0 ? "no pixel" : null;
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
