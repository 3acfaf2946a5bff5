package dev.cxr.models.ood;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.ParameterList;
import ai.djl.training.ParameterStore;
import dev.cxr.data.image.GrayImage;
import dev.cxr.models.Classifier;
import dev.cxr.models.architecture.BatchNorm;
import dev.cxr.models.architecture.Network;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Scores how far an image lies from the training images, from the batch normalisation statistics of
 * the network alone. Evaluation and serving both use it.
 *
 * <p>Batch normalisation stores the mean and variance of each channel over training. The score
 * compares the channels of an image with them as normal distributions: {@code sqrt(2 KL)}, in
 * standard deviations, where KL is the Kullback-Leibler divergence averaged over the channels of up
 * to {@value #MAX_LAYERS} layers. Images like those of the training score 0.4 to 1.1, depending on
 * the network; at 1.25 or more the predicted probability means little. The score measures intensity
 * and texture, not anatomy: a low score does not prove that an image is a chest X-ray.
 *
 * <p>Instances are immutable and may be used by several threads. They are valid until the
 * classifier is closed.
 *
 * @since 0.1
 */
public final class OutOfDistributionScorer {

  private static final int MAX_LAYERS = 3;

  /** As in batch normalisation: a channel that never varied must not divide by 0. */
  private static final double EPSILON = 1e-5;

  private static final int[] POSITION_AXIS = {2};
  private static final int[] CHANNEL_AXIS = {1};

  private final Classifier classifier;
  private final Function<NDArray, float[][]> function;

  /**
   * The layer before a batch normalisation, and its output's statistics over training.
   *
   * @param means one for each channel
   * @param variances one for each channel
   */
  private record Layer(String name, NDArray means, NDArray variances) {}

  private OutOfDistributionScorer(Classifier classifier, Network network, List<Layer> layers) {
    this.classifier = classifier;
    ParameterStore parameters = new ParameterStore(classifier.manager(), false);
    this.function = classifier.function(images -> scores(network, layers, parameters, images));
  }

  /**
   * Reads the statistics of a classifier.
   *
   * @param classifier a loaded classifier
   * @return empty if no classifying network decides, or it has no batch normalisation between its
   *     layers
   */
  public static Optional<OutOfDistributionScorer> of(Classifier classifier) {
    return classifier
        .block()
        .gradCamTarget(0)
        .flatMap(
            target -> {
              Network network = target.network();
              List<String> names = classifier.convolutionalLayers();
              List<Integer> norms =
                  IntStream.range(1, names.size())
                      .filter(i -> network.layer(names.get(i)) instanceof BatchNorm)
                      .boxed()
                      .toList();
              List<Layer> layers =
                  evenlySpaced(norms).stream()
                      .map(i -> layer(names.get(i - 1), network.layer(names.get(i))))
                      .toList();
              return layers.isEmpty()
                  ? Optional.empty()
                  : Optional.of(new OutOfDistributionScorer(classifier, network, layers));
            });
  }

  private static Layer layer(String name, Block norm) {
    ParameterList statistics = norm.getDirectParameters();
    return new Layer(
        name,
        statistics.get("runningMean").getArray(),
        statistics.get("runningVar").getArray().add(EPSILON));
  }

  /** The last layer and others evenly before it. */
  private static <T> List<T> evenlySpaced(List<T> all) {
    int count = Math.min(MAX_LAYERS, all.size());
    List<T> chosen = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      chosen.add(all.get(i * all.size() / count - 1));
    }
    return chosen;
  }

  /**
   * {@return the score of an image of any size, at least 0}
   *
   * @param image an image of any size
   */
  public double score(GrayImage image) {
    try (NDManager scope = classifier.manager().newSubManager()) {
      return scores(classifier.toBatch(scope, List.of(image)))[0];
    }
  }

  /**
   * Scores a batch in one pass through the network, by the engine of the probabilities.
   *
   * @param batch (N, 1, side, side) float32 in [0, 1]; intermediate arrays belong to its manager
   * @return N scores, each at least 0
   */
  public double[] scores(NDArray batch) {
    float[][] rows = function.apply(batch);
    double[] scores = new double[rows.length];
    Arrays.setAll(scores, i -> rows[i][0]);
    return scores;
  }

  /** {@return the scores of images, (N, 1)} */
  private static NDArray scores(
      Network network, List<Layer> layers, ParameterStore parameters, NDArray images) {
    NDArray maps = images;
    @Nullable NDArray divergence = null;
    long channels = 0;
    @Nullable String previous = null;
    for (Layer layer : layers) {
      maps =
          previous == null
              ? network.featureMaps(parameters, maps, layer.name())
              : network.forwardBetween(parameters, maps, previous, layer.name());
      NDArray added = divergence(maps, layer);
      divergence = divergence == null ? added : divergence.add(added);
      channels += layer.means().getShape().get(0);
      previous = layer.name();
    }
    return Objects.requireNonNull(divergence, "at least one layer")
        .maximum(0)
        .mul(2.0 / channels)
        .sqrt()
        .reshape(-1, 1);
  }

  /** {@return the divergence of each image, summed over its channels, (N)} */
  private static NDArray divergence(NDArray maps, Layer layer) {
    Shape shape = maps.getShape();
    NDArray values = maps.reshape(shape.get(0), shape.get(1), -1);
    NDArray mean = values.mean(POSITION_AXIS);
    NDArray variance = values.sub(mean.expandDims(2)).square().mean(POSITION_AXIS).add(EPSILON);
    NDArray ratio = variance.div(layer.variances());
    NDArray shift = mean.sub(layer.means()).square().div(layer.variances());
    return ratio.sub(ratio.log()).sub(1).add(shift).div(2).sum(CHANNEL_AXIS);
  }
}
