package dev.cxr.eval.prediction;

import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.reconstruction.ImageSimilarity;

/**
 * How well a network gave a picture back.
 *
 * @param meanSquaredError over the pixels, 0 for the very picture
 * @param ssim the mean structural similarity, 1 for the very picture
 */
public record ReconstructionScore(double meanSquaredError, double ssim) {

  /**
   * Compares a picture with what came of it; NaN where that cannot be told.
   *
   * @param image its pixels in [0, 1], row by row
   * @param reconstruction what came of it, likewise
   * @param width of both, in pixels
   */
  static ReconstructionScore of(float[] image, float[] reconstruction, int width) {
    return new ReconstructionScore(
        value(ImageSimilarity.meanSquaredError(image, reconstruction)),
        value(ImageSimilarity.ssim(image, reconstruction, width)));
  }

  private static double value(Estimate estimate) {
    return estimate instanceof Estimate.Defined defined ? defined.value() : Double.NaN;
  }
}
