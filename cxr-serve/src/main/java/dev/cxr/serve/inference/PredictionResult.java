package dev.cxr.serve.inference;

import dev.cxr.data.image.GrayImage;
import dev.cxr.models.explanation.HeatmapOverlay;
import dev.cxr.models.ood.OutOfDistributionScorer;
import java.util.List;
import java.util.Optional;

/**
 * A model's prediction for an image.
 *
 * @param probabilities one per class, in the bundle's class order, each in [0, 1]
 * @param explanation if requested
 * @param image if requested; at most {@value ServedModel#MAX_IMAGE_SIDE} pixels wide and high
 */
public record PredictionResult(
    List<Double> probabilities, Optional<Explanation> explanation, Optional<GrayImage> image) {

  /**
   * Explains a prediction.
   *
   * @param heatmap absent for networks without feature maps
   * @param outOfDistribution see {@link OutOfDistributionScorer}; absent for networks without batch
   *     normalisation
   */
  public record Explanation(Optional<Heatmap> heatmap, Optional<Double> outOfDistribution) {}

  /**
   * Grad-CAM of a class.
   *
   * @param className the most probable class other than the negative one
   * @param values rows of values of at least 0 that cover the whole image; {@link HeatmapOverlay}
   *     draws them
   */
  @SuppressWarnings("ArrayRecordComponent") // drawn, never compared
  public record Heatmap(String className, float[][] values) {}
}
