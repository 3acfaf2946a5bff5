package dev.cxr.models.composition;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.util.Arrays;
import java.util.Optional;

/**
 * Answers how unlike the normal pictures it learned from a picture is.
 *
 * <p>Its logit is the score in standard deviations above the mean of normal pictures. Read as the
 * logit of a probability it orders pictures; it is no probability that was ever checked.
 */
public abstract sealed class AnomalyScorer extends CompositeBlock
    permits MahalanobisDistance, ReconstructionError {

  private final Parameter mean = addStatistic("mean");
  private final Parameter deviation = addStatistic("deviation");

  AnomalyScorer() {}

  /**
   * The score of each picture, (N), the higher the less normal; what is made on the way is freed.
   */
  abstract NDArray computeScores(ParameterStore parameters, NDArray images);

  /** A parameter that is computed once, not learned by steps. */
  final Parameter addStatistic(String name) {
    return addParameter(
        Parameter.builder()
            .setName(name)
            .setType(Parameter.Type.OTHER)
            .optRequiresGrad(false)
            .build());
  }

  /** Maps (N, C, h, w) averaged over their positions, (N, C); anything else as it is. */
  static NDArray averagePool(NDArray output) {
    Shape shape = output.getShape();
    return shape.dimension() == 4
        ? output.reshape(shape.get(0), shape.get(1), -1).mean(new int[] {2})
        : output;
  }

  static NDArray parameterValue(Parameter parameter, ParameterStore parameters, NDArray like) {
    return parameters.getValue(parameter, like.getDevice(), false);
  }

  /**
   * The scores of pictures before they are standardised.
   *
   * @param images (N, 1, side, side) float32 in [0, 1]
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
   * From now on scores are told against those of normal pictures; once.
   *
   * @param manager of the model, which keeps the two numbers
   * @param normalScores scores of normal pictures, two at least that differ
   */
  public final void fitStandardization(NDManager manager, double[] normalScores) {
    double center = Arrays.stream(normalScores).average().orElseThrow();
    double squaredDeviations =
        Arrays.stream(normalScores).map(s -> (s - center) * (s - center)).sum();
    double std = Math.sqrt(squaredDeviations / (normalScores.length - 1));
    if (!(std > 0 && Double.isFinite(std))) {
      throw new IllegalArgumentException("scores that differ, not of deviation " + std);
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
