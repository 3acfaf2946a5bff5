package dev.cxr.serve.inference;

import dev.cxr.data.image.GrayImage;
import dev.cxr.models.Heatmap;
import dev.cxr.models.Prediction;
import java.util.Optional;

/**
 * A model's prediction for an image, with the requested details.
 *
 * @param prediction probabilities and decision
 * @param heatmap for the most probable class other than the negative one; empty if the network has
 *     no feature maps
 * @param outOfDistribution score of {@link dev.cxr.models.ood.OutOfDistributionScorer}; empty if
 *     the network has no batch normalization
 * @param image at most {@value #MAX_IMAGE_SIDE} pixels wide and high
 */
public record PredictionResult(
    Prediction prediction,
    Optional<Heatmap> heatmap,
    Optional<Double> outOfDistribution,
    Optional<GrayImage> image) {

  /** Maximum width and height of {@link #image}. */
  static final int MAX_IMAGE_SIDE = 768;
}
