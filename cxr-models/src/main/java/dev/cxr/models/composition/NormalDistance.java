package dev.cxr.models.composition;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import dev.cxr.models.architecture.ClassifierNetwork;

/**
 * Scores a picture by how far its embedding is from those of normals: the logarithm of the squared
 * Mahalanobis distance, as Rippel et al. 2020 take it of networks that learned from ImageNet, over
 * the length of an embedding.
 *
 * <p>The covariance is shrunk towards a multiple of the identity as far as Ledoit and Wolf 2004
 * (lemma 3.2 and following) find best, so that fewer pictures than dimensions do.
 */
public final class NormalDistance extends Novelty {

  private static final double LEAST = 1e-12;
  private static final int[] WITHIN_A_ROW = {1};
  private static final int[] OVER_ROWS = {0};

  private final Parameter centre = statistic("centre");
  private final Parameter precision = statistic("precision");
  private final ClassifierNetwork network;
  private final String layer;

  /**
   * With a network that may have its parameters already.
   *
   * @param layer whose output, averaged over its positions if it gives maps, is the embedding
   */
  public NormalDistance(ClassifierNetwork network, String layer) {
    this.network = part("network", network);
    this.layer = layer;
  }

  /**
   * Learns what is normal.
   *
   * @param manager of the model, which keeps what is learned
   * @param embeddings (N, length) float32 of normal pictures, two at least that differ; its manager
   *     keeps what is made on the way
   * @return the share of the identity in the covariance, from 0 to 1
   */
  public double learn(NDManager manager, NDArray embeddings) {
    long length = embeddings.getShape().get(1);
    double count = embeddings.getShape().get(0);
    try (NDManager scope = embeddings.getManager().newSubManager()) {
      scope.tempAttachAll(embeddings);
      NDArray rows = embeddings.toType(DataType.FLOAT64, true);
      NDArray average = rows.mean(OVER_ROWS, true);
      NDArray centred = rows.sub(average);
      NDArray covariance = centred.transpose().matMul(centred).div(count);
      NDArray identity = scope.eye((int) length).toType(DataType.FLOAT64, true);
      double variance = covariance.mul(identity).sum().getDouble() / length;
      NDArray target = identity.mul(variance);
      double apart = covariance.sub(target).square().sum().getDouble();
      double fourth = centred.square().sum(WITHIN_A_ROW).square().sum().getDouble();
      double noise = fourth / (count * count) - covariance.square().sum().getDouble() / count;
      double share = apart > 0 ? Math.max(0, Math.min(1, noise / apart)) : 1;
      NDArray shrunk = covariance.mul(1 - share).add(target.mul(share));
      keep(centre, manager, average.reshape(length));
      keep(precision, manager, shrunk.inverse());
      return share;
    }
  }

  private static void keep(Parameter parameter, NDManager manager, NDArray values) {
    float[] floats = values.toType(DataType.FLOAT32, false).toFloatArray();
    parameter.setArray(manager.create(floats, values.getShape()));
  }

  @Override
  NDArray score(ParameterStore parameters, NDArray pictures) {
    NDArray embeddings = embed(parameters, pictures);
    NDArray away = embeddings.sub(value(centre, parameters, embeddings));
    return away.matMul(value(precision, parameters, embeddings))
        .mul(away)
        .mean(WITHIN_A_ROW)
        .maximum(LEAST) // of a distance near 0 rounding may leave less
        .log();
  }

  @Override
  public NDArray embed(ParameterStore parameters, NDArray pictures) {
    return pooled(network.run(parameters, pictures, layer));
  }
}
