package dev.cxr.serve.http;

import dev.cxr.data.image.PngEncoder;
import dev.cxr.models.bundle.Manifest;
import dev.cxr.models.explanation.HeatmapOverlay;
import dev.cxr.serve.inference.PredictionDetail;
import dev.cxr.serve.inference.PredictionResult;
import dev.cxr.serve.inference.PredictionResult.Explanation;
import dev.cxr.serve.inference.PredictionResult.Heatmap;
import dev.cxr.serve.inference.ServedModel;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A prediction as JSON: DJL Serving's list of classes, or that list with all details. */
final class PredictionJson {

  private static final String NOTICE = "Research software, not a medical device.";

  private PredictionJson() {}

  private record ClassProbability(String className, double probability) {}

  /** Response with {@code ?detail=true}, without what the network does not support. */
  private record DetailedPrediction(
      String model,
      String bundle,
      List<ClassProbability> classifications,
      String positiveClass,
      double positiveProbability,
      double threshold,
      String decision,
      @Nullable HeatmapImage heatmap,
      @Nullable Double outOfDistribution,
      @Nullable String image,
      boolean synthetic,
      String notice) {}

  /**
   * Grad-CAM of a class.
   *
   * @param className the most probable class other than the negative one
   * @param png data URI of a transparent layer to draw over the image
   */
  private record HeatmapImage(String className, String png) {}

  /** The classes with their probabilities, or with any detail requested everything. */
  static Object of(ServedModel model, PredictionResult result, Set<PredictionDetail> details) {
    return details.isEmpty() ? classifications(model, result) : detailed(model, result);
  }

  /** The most probable class first. */
  private static List<ClassProbability> classifications(
      ServedModel model, PredictionResult result) {
    List<String> classes = model.bundle().manifest().classes();
    return IntStream.range(0, classes.size())
        .mapToObj(i -> new ClassProbability(classes.get(i), result.probabilities().get(i)))
        .sorted(Comparator.comparingDouble(ClassProbability::probability).reversed())
        .toList();
  }

  private static DetailedPrediction detailed(ServedModel model, PredictionResult result) {
    Manifest manifest = model.bundle().manifest();
    int side = manifest.input().side();
    Optional<Explanation> explanation = result.explanation();
    return new DetailedPrediction(
        model.name(),
        model.version(),
        classifications(model, result),
        manifest.positiveClass(),
        model.positiveProbability(result),
        manifest.threshold().value(),
        model.decision(result),
        explanation.flatMap(Explanation::heatmap).map(h -> heatmapImage(h, side)).orElse(null),
        explanation.flatMap(Explanation::outOfDistribution).orElse(null),
        result.image().map(image -> dataUri(() -> PngEncoder.encode(image))).orElse(null),
        manifest.data().synthetic(),
        NOTICE);
  }

  private static HeatmapImage heatmapImage(Heatmap heatmap, int side) {
    BufferedImage layer = HeatmapOverlay.transparentLayer(heatmap.values(), side, side);
    return new HeatmapImage(heatmap.className(), dataUri(() -> PngEncoder.encode(layer)));
  }

  private interface PngSource {
    byte[] encode() throws IOException;
  }

  private static String dataUri(PngSource source) {
    try {
      return "data:image/png;base64," + Base64.getEncoder().encodeToString(source.encode());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
