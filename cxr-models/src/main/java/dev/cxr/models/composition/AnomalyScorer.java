package dev.cxr.models.composition;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.util.Arrays;
import java.util.Optional;

/**
 * Scores how unlike the normal training images an image is.
 *
 * <p>The logit is the score in standard deviations above the mean of normal images. As the logit of
 * a probability it orders images; that probability is not calibrated.
 */
public abstract sealed class AnomalyScorer extends CompositeBlock
    permits MahalanobisDistance, ReconstructionError {

  private final Parameter mean = addStatistic("mean");
  private final Parameter deviation = addStatistic("deviation");

  AnomalyScorer() {}

  /** {@return the score of each image, (N); a higher score is less normal} */
  abstract NDArray computeScores(ParameterStore parameters, NDArray images);

  /** A parameter that is computed once and not trained. */
  final Parameter addStatistic(String name) {
    return addParameter(
        Parameter.builder()
            .setName(name)
            .setType(Parameter.Type.OTHER)
            .optRequiresGrad(false)
            .build());
  }

  static NDArray parameterValue(Parameter parameter, ParameterStore parameters, NDArray like) {
    return parameters.getValue(parameter, like.getDevice(), false);
  }

  /**
   * Computes the scores of images before standardization.
   *
   * @param images (N, 1, side, side) float32 in [0, 1]
   * @param parameters where the block finds its parameters
   * @return a score for each image
   */
  public final double[] scores(ParameterStore parameters, NDArray images) {
    try (NDManager scope = images.getManager().newSubManager()) {
      scope.tempAttachAll(images);
      float[] scores = computeScores(parameters, images).toFloatArray();
      double[] doubles = new double[scores.length];
      Arrays.setAll(doubles, i -> scores[i]);
      return doubles;
    }
  }

  /**
   * Standardizes all later scores by those of normal images; may be called once.
   *
   * @param manager of the model, which owns mean and standard deviation
   * @param normalScores scores of normal images, at least two of them different
   */
  public final void fitStandardization(NDManager manager, double[] normalScores) {
    double center = Arrays.stream(normalScores).average().orElseThrow();
    double squaredDeviations =
        Arrays.stream(normalScores).map(s -> (s - center) * (s - center)).sum();
    double std = Math.sqrt(squaredDeviations / (normalScores.length - 1));
    if (!(std > 0 && Double.isFinite(std))) {
      throw new IllegalArgumentException("scores with a standard deviation above 0, not " + std);
    }
    mean.setArray(manager.create(new float[] {(float) center}));
    deviation.setArray(manager.create(new float[] {(float) std}));
  }

  @Override
  final NDArray computeLogits(ParameterStore parameters, NDArray images) {
    NDArray score = computeScores(parameters, images);
    return score
        .sub(parameterValue(mean, parameters, score))
        .div(parameterValue(deviation, parameters, score))
        .reshape(-1, 1);
  }

  @Override
  public final Shape[] getOutputShapes(Shape[] inputs) {
    return new Shape[] {new Shape(inputs[0].get(0), 1)};
  }

  @Override
  public final Optional<GradCamTarget> gradCamTarget(int classIndex) {
    return Optional.empty();
  }
}
