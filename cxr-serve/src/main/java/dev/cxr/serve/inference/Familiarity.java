package dev.cxr.serve.inference;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.util.Pair;
import dev.cxr.data.image.GrayImage;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.bundle.BundleBlockFactory;
import dev.cxr.models.bundle.Classifier;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How far a picture is from those that the model learned from, as the model sees it.
 *
 * <p>Batch normalisation keeps, for each channel, the mean and variance of what came to it in
 * training. The score is the root mean square, over the channels of the layers looked at, of how
 * far a picture's channel mean is from the kept mean, in kept standard deviations. Pictures like
 * those of the training give a fraction of 1; a picture at 1 or more is as far from their mean as
 * single points usually are, and its probability means little. It tells of grays and textures and
 * not of anatomy: a low score is no proof that a picture is a chest X-ray.
 */
final class Familiarity {

  /** So many layers tell enough; each costs a part of a prediction. */
  private static final int LAYERS = 3;

  /** As batch normalisation has it, so that a channel that never changed does not divide by 0. */
  private static final double EPSILON = 1e-5;

  private final Classifier classifier;
  private final List<Layer> layers;

  /** The layer before a batch normalisation, and what came from it in training. */
  private record Layer(String name, List<Channel> channels) {}

  private record Channel(double mean, double deviation) {}

  private Familiarity(Classifier classifier, List<Layer> layers) {
    this.classifier = classifier;
    this.layers = layers;
  }

  /** Reads the statistics; empty for networks without batch normalisation between their layers. */
  static Optional<Familiarity> of(Bundle bundle, Classifier classifier) throws IOException {
    List<Layer> all = new ArrayList<>();
    try (Model model = Model.newInstance(bundle.manifest().name(), "PyTorch")) {
      Block network = new BundleBlockFactory().newBlock(model, bundle.folder(), Map.of());
      model.setBlock(network);
      model.load(
          bundle.folder(),
          bundle.manifest().name(),
          new HashMap<>(Map.of("epoch", String.valueOf(bundle.manifest().epoch()))));
      List<Pair<String, Block>> children = new ArrayList<>();
      network.getChildren().forEach(children::add);
      for (int i = 1; i < children.size(); i++) {
        String before = children.get(i - 1).getKey();
        if (children.get(i).getValue() instanceof BatchNorm norm
            && classifier.mapLayers().contains(before)) {
          all.add(layer(before, norm));
        }
      }
    } catch (MalformedModelException e) {
      throw new IllegalStateException("a checked bundle does not load", e);
    }
    return all.isEmpty()
        ? Optional.empty()
        : Optional.of(new Familiarity(classifier, spreadOver(all)));
  }

  private static Layer layer(String name, BatchNorm norm) {
    Map<String, Parameter> parameters = new HashMap<>();
    norm.getDirectParameters().forEach(p -> parameters.put(p.getKey(), p.getValue()));
    float[] means = values(parameters, "runningMean");
    float[] variances = values(parameters, "runningVar");
    List<Channel> channels = new ArrayList<>();
    for (int i = 0; i < means.length; i++) {
      channels.add(new Channel(means[i], Math.sqrt(variances[i] + EPSILON)));
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
  private static List<Layer> spreadOver(List<Layer> all) {
    int count = Math.min(LAYERS, all.size());
    List<Layer> chosen = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      chosen.add(all.get(i * all.size() / count - 1));
    }
    return chosen;
  }

  /** The score of a picture of any size, 0 or more. */
  double unfamiliarity(GrayImage picture) {
    double squares = 0;
    int channels = 0;
    for (Layer layer : layers) {
      float[][][] maps = classifier.featureMaps(picture, layer.name());
      for (int i = 0; i < maps.length; i++) {
        Channel channel = layer.channels().get(i);
        double distance = (mean(maps[i]) - channel.mean()) / channel.deviation();
        squares += distance * distance;
      }
      channels += maps.length;
    }
    return Math.sqrt(squares / channels);
  }

  private static double mean(float[][] map) {
    double sum = 0;
    for (float[] row : map) {
      for (float value : row) {
        sum += value;
      }
    }
    return sum / map.length / map[0].length;
  }
}
