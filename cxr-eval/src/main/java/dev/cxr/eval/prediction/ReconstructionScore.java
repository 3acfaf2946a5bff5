package dev.cxr.eval.prediction;

/**
 * The similarity of an image and its reconstruction.
 *
 * @param meanSquaredError over the pixels, 0 if equal
 * @param ssim the mean structural similarity, 1 if equal
 */
public record ReconstructionScore(double meanSquaredError, double ssim) {

  /**
   * {@return the scores, NaN if undefined}
   *
   * @param image its pixels in [0, 1], row by row
   * @param reconstruction likewise
   * @param width of both, in pixels
   */
  static ReconstructionScore of(float[] image, float[] reconstruction, int width) {
    return new ReconstructionScore(
        ImageSimilarity.meanSquaredError(image, reconstruction),
        ImageSimilarity.ssim(image, reconstruction, width));
  }
}
