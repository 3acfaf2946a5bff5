package dev.cxr.serve.inference;

import dev.cxr.data.image.GrayImage;
import dev.cxr.eval.explanation.HeatmapOverlay;
import java.util.List;
import java.util.Optional;

/**
 * What a model says of a picture.
 *
 * @param probabilities of the bundle's classes, in order
 * @param explanation where it was asked for
 * @param image where it was asked for: of at most {@value ServedModel#MAX_IMAGE_SIDE} pixels a side
 */
public record PredictionResult(
    List<Double> probabilities, Optional<Explanation> explanation, Optional<GrayImage> image) {

  /** Keeps what it was given as it is. */
  public PredictionResult {
    probabilities = List.copyOf(probabilities);
  }

  /**
   * What lies behind an answer.
   *
   * @param heatmap absent for networks that give no maps
   * @param outOfDistribution see {@link OutOfDistributionScorer}; absent for networks without batch
   *     normalisation
   */
  public record Explanation(Optional<Heatmap> heatmap, Optional<Double> outOfDistribution) {}

  /**
   * Where the evidence for a class lies.
   *
   * @param className the likeliest class but the first
   * @param values rows of values of 0 or more, spread over the whole picture; {@link
   *     HeatmapOverlay} draws them
   */
  @SuppressWarnings("ArrayRecordComponent") // drawn, never compared
  public record Heatmap(String className, float[][] values) {}
}
