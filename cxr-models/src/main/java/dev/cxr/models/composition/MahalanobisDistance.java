package dev.cxr.models.composition;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import dev.cxr.models.architecture.ClassifierNetwork;

/**
 * Scores an image by the distance of its embedding from those of normal images: the logarithm of
 * the squared Mahalanobis distance divided by the length of an embedding (Rippel et al. 2020, for
 * networks pretrained on ImageNet).
 *
 * <p>The covariance is shrunk towards a multiple of the identity by the optimal share of Ledoit and
 * Wolf 2004 (lemma 3.2 and following), so that fewer images than dimensions suffice.
 */
public final class MahalanobisDistance extends AnomalyScorer {

  private static final double MIN_DISTANCE = 1e-12;
  private static final int[] ROW_SUM_AXIS = {1};
  private static final int[] COLUMN_MEAN_AXIS = {0};

  private final Parameter centre = addStatistic("centre");
  private final Parameter precision = addStatistic("precision");
  private final ClassifierNetwork network;
  private final String layer;

  /**
   * Scores with a network, with or without its parameters.
   *
   * @param layer whose output, averaged over its positions if it gives maps, is the embedding
   * @param network the network
   */
  public MahalanobisDistance(ClassifierNetwork network, String layer) {
    this.network = addNetwork("network", network);
    this.layer = layer;
  }

  /**
   * Fits mean and precision to normal images.
   *
   * @param manager of the model, which owns both
   * @param embeddings (N, length) float32 of normal images, at least two of them different; its
   *     manager owns the intermediate arrays
   * @return the share of the identity in the covariance, from 0 to 1
   */
  public double fit(NDManager manager, NDArray embeddings) {
    long length = embeddings.getShape().get(1);
    double count = embeddings.getShape().get(0);
    try (NDManager scope = embeddings.getManager().newSubManager()) {
      scope.tempAttachAll(embeddings);
      NDArray samples = embeddings.toType(DataType.FLOAT64, true);
      NDArray center = samples.mean(COLUMN_MEAN_AXIS, true);
      NDArray centered = samples.sub(center);
      NDArray covariance = centered.transpose().matMul(centered).div(count);
      NDArray identity = scope.eye((int) length).toType(DataType.FLOAT64, true);
      double variance = covariance.mul(identity).sum().getDouble() / length;
      NDArray target = identity.mul(variance);
      double dispersion = covariance.sub(target).square().sum().getDouble();
      double fourthMoment = centered.square().sum(ROW_SUM_AXIS).square().sum().getDouble();
      double estimationVariance =
          fourthMoment / (count * count) - covariance.square().sum().getDouble() / count;
      double shrinkage =
          dispersion > 0 ? Math.max(0, Math.min(1, estimationVariance / dispersion)) : 1;
      NDArray shrunk = covariance.mul(1 - shrinkage).add(target.mul(shrinkage));
      setParameter(centre, manager, center.reshape(length));
      setParameter(precision, manager, shrunk.inverse());
      return shrinkage;
    }
  }

  private static void setParameter(Parameter parameter, NDManager manager, NDArray values) {
    float[] floats = values.toType(DataType.FLOAT32, false).toFloatArray();
    parameter.setArray(manager.create(floats, values.getShape()));
  }

  @Override
  NDArray computeScores(ParameterStore parameters, NDArray images) {
    NDArray embeddings = embed(parameters, images);
    NDArray difference = embeddings.sub(parameterValue(centre, parameters, embeddings));
    return difference
        .matMul(parameterValue(precision, parameters, embeddings))
        .mul(difference)
        .mean(ROW_SUM_AXIS)
        .maximum(MIN_DISTANCE) // rounding may return less for a distance near 0
        .log();
  }

  @Override
  public NDArray embed(ParameterStore parameters, NDArray images) {
    return network.pooledOutput(parameters, images, layer);
  }
}
