package dev.cxr.serve.inference;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.ImageDecoder;
import dev.cxr.models.Classifier;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.bundle.Manifest;
import dev.cxr.models.ood.OutOfDistributionScorer;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Explains a model's predictions. Callers hold the engine lock. */
final class Explainer {

  private static final String GOLDEN_IMAGE = "golden.png";

  private final Manifest manifest;
  private final Classifier classifier;
  private final Optional<OutOfDistributionScorer> scorer;
  private final boolean supportsGradCam;

  private Explainer(
      Manifest manifest,
      Classifier classifier,
      Optional<OutOfDistributionScorer> scorer,
      boolean supportsGradCam) {
    this.manifest = manifest;
    this.classifier = classifier;
    this.scorer = scorer;
    this.supportsGradCam = supportsGradCam;
  }

  /** Finds out with the reference image what the network supports, which also warms it up. */
  static Explainer of(Bundle bundle, Classifier classifier) throws IOException {
    GrayImage golden = ImageDecoder.decode(bundle.folder().resolve(GOLDEN_IMAGE));
    Manifest manifest = bundle.manifest();
    boolean supportsGradCam = supportsGradCam(golden, manifest, classifier);
    Optional<OutOfDistributionScorer> scorer = OutOfDistributionScorer.of(classifier);
    scorer.ifPresent(f -> f.score(golden));
    return new Explainer(manifest, classifier, scorer, supportsGradCam);
  }

  private static boolean supportsGradCam(
      GrayImage image, Manifest manifest, Classifier classifier) {
    if (!classifier.supportsGradCam()) {
      return false;
    }
    try {
      gradCam(image, manifest.classes().get(1), classifier);
      return true;
    } catch (UserErrorException e) {
      return false; // the last layer of this network has no feature maps
    }
  }

  private static float[][] gradCam(GrayImage image, String className, Classifier classifier) {
    List<String> layers = classifier.convolutionalLayers();
    return classifier.gradCam(image, className, layers.get(layers.size() - 1));
  }

  PredictionResult.Explanation explain(GrayImage input, List<Double> probabilities) {
    Optional<PredictionResult.Heatmap> heatmap = Optional.empty();
    if (supportsGradCam) {
      String className = mostLikelyPositiveClass(probabilities);
      heatmap =
          Optional.of(
              new PredictionResult.Heatmap(className, gradCam(input, className, classifier)));
    }
    return new PredictionResult.Explanation(heatmap, scorer.map(f -> f.score(input)));
  }

  /** The first class is the negative one, for which a heatmap has no meaning. */
  private String mostLikelyPositiveClass(List<Double> probabilities) {
    int index =
        IntStream.range(1, probabilities.size())
            .reduce(1, (best, i) -> probabilities.get(i) > probabilities.get(best) ? i : best);
    return manifest.classes().get(index);
  }
}
