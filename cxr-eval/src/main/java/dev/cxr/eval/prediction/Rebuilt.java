package dev.cxr.eval.prediction;

import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.reconstruction.PictureSimilarity;

/**
 * How well a network gave a picture back.
 *
 * @param meanSquaredError over the pixels, 0 for the very picture
 * @param ssim the mean structural similarity, 1 for the very picture
 */
public record Rebuilt(double meanSquaredError, double ssim) {

  /**
   * Compares a picture with what came of it; NaN where that cannot be told.
   *
   * @param picture its pixels in [0, 1], row by row
   * @param given what came of it, likewise
   * @param width of both, in pixels
   */
  static Rebuilt of(float[] picture, float[] given, int width) {
    return new Rebuilt(
        value(PictureSimilarity.meanSquaredError(picture, given)),
        value(PictureSimilarity.ssim(picture, given, width)));
  }

  private static double value(Estimate estimate) {
    return estimate instanceof Estimate.Defined defined ? defined.value() : Double.NaN;
  }
}
