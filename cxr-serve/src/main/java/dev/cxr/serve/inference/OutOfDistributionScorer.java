package dev.cxr.serve.inference;

import ai.djl.nn.Parameter;
import ai.djl.nn.norm.BatchNorm;
import dev.cxr.data.image.GrayImage;
import dev.cxr.models.architecture.Network;
import dev.cxr.models.bundle.Classifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How far a picture is from those that the model learned from, as the model sees it.
 *
 * <p>Batch normalisation keeps, for each channel, the mean and variance of what came to it in
 * training. The score is the Kullback-Leibler divergence of a picture's channels from those, as
 * normal distributions, averaged over the channels of some layers, and told as the distance of
 * means that would give it: {@code sqrt(2 KL)}, in standard deviations. Pictures like those of the
 * training give 0.4 to 1.1, depending on the network; at 1.25 or more a picture is another kind of
 * thing to it, and its probability means little. It tells of grays and textures and not of anatomy:
 * a low score is no proof that a picture is a chest X-ray.
 */
final class OutOfDistributionScorer {

  /** So many layers tell enough; each costs a part of a prediction. */
  private static final int MAX_LAYERS = 3;

  /** As batch normalisation has it, so that a channel that never changed does not divide by 0. */
  private static final double EPSILON = 1e-5;

  private final Classifier classifier;
  private final List<Layer> layers;

  /** The layer before a batch normalisation, and what came from it in training. */
  private record Layer(String name, List<ChannelStatistics> channels) {}

  private record ChannelStatistics(double mean, double variance) {}

  private OutOfDistributionScorer(Classifier classifier, List<Layer> layers) {
    this.classifier = classifier;
    this.layers = layers;
  }

  /**
   * Reads the statistics; empty where no classifying network decides, and for networks without
   * batch normalisation between their layers.
   */
  static Optional<OutOfDistributionScorer> of(Classifier classifier) {
    List<Layer> layers =
        classifier
            .block()
            .gradCamTarget(0)
            .map(evidence -> layers(evidence.network(), classifier.convolutionalLayers()))
            .orElse(List.of());
    return layers.isEmpty()
        ? Optional.empty()
        : Optional.of(new OutOfDistributionScorer(classifier, evenlySpaced(layers)));
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
    Map<String, Parameter> parameters = new HashMap<>();
    norm.getDirectParameters().forEach(p -> parameters.put(p.getKey(), p.getValue()));
    float[] means = values(parameters, "runningMean");
    float[] variances = values(parameters, "runningVar");
    List<ChannelStatistics> channels = new ArrayList<>();
    for (int i = 0; i < means.length; i++) {
      channels.add(new ChannelStatistics(means[i], variances[i] + EPSILON));
    }
    return new Layer(name, channels);
  }

  private static float[] values(Map<String, Parameter> parameters, String name) {
    Parameter parameter = parameters.get(name);
    if (parameter == null) {
      throw new IllegalStateException("a BatchNorm without " + name);
    }
    return parameter.getArray().toFloatArray();
  }

  /** The last, and others evenly before it. */
  private static List<Layer> evenlySpaced(List<Layer> all) {
    int count = Math.min(MAX_LAYERS, all.size());
    List<Layer> chosen = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      chosen.add(all.get(i * all.size() / count - 1));
    }
    return chosen;
  }

  /** The score of a picture of any size, 0 or more. */
  double score(GrayImage image) {
    double divergence = 0;
    int channels = 0;
    for (Layer layer : layers) {
      float[][][] maps = classifier.featureMaps(image, layer.name());
      for (int i = 0; i < maps.length; i++) {
        divergence += divergence(statistics(maps[i]), layer.channels().get(i));
      }
      channels += maps.length;
    }
    return Math.sqrt(2 * Math.max(0, divergence) / channels);
  }

  private static double divergence(ChannelStatistics observed, ChannelStatistics trained) {
    double ratio = observed.variance() / trained.variance();
    double shift = observed.mean() - trained.mean();
    return (ratio - Math.log(ratio) - 1 + shift * shift / trained.variance()) / 2;
  }

  private static ChannelStatistics statistics(float[][] map) {
    double sum = 0;
    double squares = 0;
    for (float[] row : map) {
      for (float value : row) {
        sum += value;
        squares += (double) value * value;
      }
    }
    double count = (double) map.length * map[0].length;
    double mean = sum / count;
    return new ChannelStatistics(mean, Math.max(0, squares / count - mean * mean) + EPSILON);
  }
}
