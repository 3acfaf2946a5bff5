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
public abstract sealed class Novelty extends Composed permits NormalDistance, ReconstructionError {

  private final Parameter mean = statistic("mean");
  private final Parameter deviation = statistic("deviation");

  Novelty() {}

  /**
   * The score of each picture, (N), the higher the less normal; what is made on the way is freed.
   */
  abstract NDArray score(ParameterStore parameters, NDArray pictures);

  /** A parameter that is computed once, not learned by steps. */
  final Parameter statistic(String name) {
    return addParameter(
        Parameter.builder()
            .setName(name)
            .setType(Parameter.Type.OTHER)
            .optRequiresGrad(false)
            .build());
  }

  /** Maps (N, C, h, w) averaged over their positions, (N, C); anything else as it is. */
  static NDArray pooled(NDArray output) {
    Shape shape = output.getShape();
    return shape.dimension() == 4
        ? output.reshape(shape.get(0), shape.get(1), -1).mean(new int[] {2})
        : output;
  }

  static NDArray value(Parameter parameter, ParameterStore parameters, NDArray like) {
    return parameters.getValue(parameter, like.getDevice(), false);
  }

  /**
   * The scores of pictures before they are standardised.
   *
   * @param pictures (N, 1, side, side) float32 in [0, 1]
   */
  public final double[] scores(ParameterStore parameters, NDArray pictures) {
    try (NDManager scope = pictures.getManager().newSubManager()) {
      scope.tempAttachAll(pictures);
      float[] scores = score(parameters, pictures).toFloatArray();
      double[] doubles = new double[scores.length];
      Arrays.setAll(doubles, i -> scores[i]);
      return doubles;
    }
  }

  /**
   * From now on scores are told against those of normal pictures; once.
   *
   * @param manager of the model, which keeps the two numbers
   * @param normals scores of normal pictures, two at least that differ
   */
  public final void standardise(NDManager manager, double[] normals) {
    double average = Arrays.stream(normals).average().orElseThrow();
    double squares = Arrays.stream(normals).map(s -> (s - average) * (s - average)).sum();
    double spread = Math.sqrt(squares / (normals.length - 1));
    if (!(spread > 0 && Double.isFinite(spread))) {
      throw new IllegalArgumentException("scores that differ, not of deviation " + spread);
    }
    mean.setArray(manager.create(new float[] {(float) average}));
    deviation.setArray(manager.create(new float[] {(float) spread}));
  }

  @Override
  final NDArray answer(ParameterStore parameters, NDArray pictures) {
    NDArray score = score(parameters, pictures);
    return score
        .sub(value(mean, parameters, score))
        .div(value(deviation, parameters, score))
        .reshape(-1, 1);
  }

  @Override
  public final Shape[] getOutputShapes(Shape[] inputs) {
    return new Shape[] {new Shape(inputs[0].get(0), 1)};
  }

  @Override
  public final Optional<Evidence> evidence(int index) {
    return Optional.empty();
  }
}
