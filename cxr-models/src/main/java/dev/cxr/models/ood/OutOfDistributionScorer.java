package dev.cxr.models.ood;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.training.ParameterStore;
import dev.cxr.data.image.GrayImage;
import dev.cxr.models.Classifier;
import dev.cxr.models.architecture.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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

  private final Classifier classifier;
  private final Network network;
  private final List<Layer> layers;

  /** The layer before a batch normalisation, and its output's statistics over training. */
  private record Layer(String name, List<ChannelStatistics> channels) {}

  private record ChannelStatistics(double mean, double variance) {}

  private OutOfDistributionScorer(Classifier classifier, Network network, List<Layer> layers) {
    this.classifier = classifier;
    this.network = network;
    this.layers = layers;
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
              List<Layer> all = layers(target.network(), classifier.convolutionalLayers());
              return all.isEmpty()
                  ? Optional.empty()
                  : Optional.of(
                      new OutOfDistributionScorer(classifier, target.network(), evenlySpaced(all)));
            });
  }

  private static List<Layer> layers(Network network, List<String> names) {
    List<Layer> layers = new ArrayList<>();
    for (int i = 1; i < names.size(); i++) {
      if (network.layer(names.get(i)) instanceof BatchNorm norm) {
        layers.add(layer(names.get(i - 1), norm));
      }
    }
    return layers;
  }

  private static Layer layer(String name, BatchNorm norm) {
    float[] means = norm.getDirectParameters().get("runningMean").getArray().toFloatArray();
    float[] variances = norm.getDirectParameters().get("runningVar").getArray().toFloatArray();
    List<ChannelStatistics> channels = new ArrayList<>();
    for (int i = 0; i < means.length; i++) {
      channels.add(new ChannelStatistics(means[i], variances[i] + EPSILON));
    }
    return new Layer(name, channels);
  }

  /** The last layer and others evenly before it. */
  private static List<Layer> evenlySpaced(List<Layer> all) {
    int count = Math.min(MAX_LAYERS, all.size());
    List<Layer> chosen = new ArrayList<>();
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
   * Scores a batch in one pass through the network.
   *
   * @param batch (N, 1, side, side) float32 in [0, 1]; intermediate arrays belong to its manager
   * @return N scores, each at least 0
   */
  public double[] scores(NDArray batch) {
    ParameterStore parameters = new ParameterStore(classifier.manager(), false);
    double[] divergence = new double[(int) batch.getShape().get(0)];
    int channels = 0;
    NDArray maps = batch;
    String previous = null;
    for (Layer layer : layers) {
      maps =
          previous == null
              ? network.featureMaps(parameters, maps, layer.name())
              : network.forwardBetween(parameters, maps, previous, layer.name());
      addDivergence(divergence, maps, layer.channels());
      channels += layer.channels().size();
      previous = layer.name();
    }
    for (int i = 0; i < divergence.length; i++) {
      divergence[i] = Math.sqrt(2 * Math.max(0, divergence[i]) / channels);
    }
    return divergence;
  }

  /**
   * Adds the divergence of each image's channels.
   *
   * @param maps (N, C, h, w)
   * @param training the statistics of the C channels
   */
  private static void addDivergence(
      double[] divergence, NDArray maps, List<ChannelStatistics> training) {
    float[] values = maps.toFloatArray();
    int length = values.length / divergence.length / training.size();
    for (int i = 0; i < divergence.length; i++) {
      for (int c = 0; c < training.size(); c++) {
        int start = (i * training.size() + c) * length;
        divergence[i] += divergence(statistics(values, start, length), training.get(c));
      }
    }
  }

  private static double divergence(ChannelStatistics found, ChannelStatistics expected) {
    double ratio = found.variance() / expected.variance();
    double shift = found.mean() - expected.mean();
    return (ratio - Math.log(ratio) - 1 + shift * shift / expected.variance()) / 2;
  }

  private static ChannelStatistics statistics(float[] values, int start, int length) {
    double sum = 0;
    double squares = 0;
    for (int i = start; i < start + length; i++) {
      sum += values[i];
      squares += (double) values[i] * values[i];
    }
    double mean = sum / length;
    return new ChannelStatistics(mean, Math.max(0, squares / length - mean * mean) + EPSILON);
  }
}
