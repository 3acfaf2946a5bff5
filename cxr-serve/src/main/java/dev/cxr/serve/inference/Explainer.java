package dev.cxr.serve.inference;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.ImageDecoder;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.bundle.Classifier;
import dev.cxr.models.bundle.Manifest;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** What lies behind a model's answers; whoever calls holds the engine. */
final class Explainer {

  private static final String GOLDEN_PICTURE = "golden.png";

  private final Manifest manifest;
  private final Classifier classifier;
  private final Optional<Familiarity> familiarity;
  private final boolean givesMaps;

  private Explainer(
      Manifest manifest,
      Classifier classifier,
      Optional<Familiarity> familiarity,
      boolean givesMaps) {
    this.manifest = manifest;
    this.classifier = classifier;
    this.familiarity = familiarity;
    this.givesMaps = givesMaps;
  }

  /** Finds out, by the golden picture, what this network can tell; that also warms it up. */
  static Explainer of(Bundle bundle, Classifier classifier) throws IOException {
    GrayImage golden = ImageDecoder.decode(bundle.folder().resolve(GOLDEN_PICTURE));
    Manifest manifest = bundle.manifest();
    boolean givesMaps = givesMaps(golden, manifest, classifier);
    Optional<Familiarity> familiarity = Familiarity.of(classifier);
    familiarity.ifPresent(f -> f.unfamiliarity(golden));
    return new Explainer(manifest, classifier, familiarity, givesMaps);
  }

  private static boolean givesMaps(GrayImage picture, Manifest manifest, Classifier classifier) {
    if (!classifier.supportsGradCam()) {
      return false;
    }
    try {
      gradCam(picture, manifest.classes().get(1), classifier);
      return true;
    } catch (UserErrorException e) {
      return false; // a network whose last layer gives no maps
    }
  }

  private static float[][] gradCam(GrayImage picture, String className, Classifier classifier) {
    List<String> layers = classifier.convolutionalLayers();
    return classifier.gradCam(picture, className, layers.get(layers.size() - 1));
  }

  Answer.Explanation explain(GrayImage input, List<Double> probabilities) {
    Optional<Answer.Heatmap> heatmap = Optional.empty();
    if (givesMaps) {
      String finding = likeliestFinding(probabilities);
      heatmap = Optional.of(new Answer.Heatmap(finding, gradCam(input, finding, classifier)));
    }
    return new Answer.Explanation(heatmap, familiarity.map(f -> f.unfamiliarity(input)));
  }

  /** The first class is the negative one: nobody asks where a picture is normal. */
  private String likeliestFinding(List<Double> probabilities) {
    int index =
        IntStream.range(1, probabilities.size())
            .reduce(1, (best, i) -> probabilities.get(i) > probabilities.get(best) ? i : best);
    return manifest.classes().get(index);
  }
}
