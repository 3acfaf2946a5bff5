package dev.cxr.serve.http;

import dev.cxr.data.image.PngEncoder;
import dev.cxr.models.Heatmap;
import dev.cxr.models.Prediction;
import dev.cxr.models.bundle.Manifest;
import dev.cxr.models.explanation.HeatmapOverlay;
import dev.cxr.serve.inference.PredictionDetail;
import dev.cxr.serve.inference.PredictionResult;
import dev.cxr.serve.inference.ServedModel;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
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
  static Object of(ServedModel model, PredictionResult result, PredictionDetail detail) {
    return detail == PredictionDetail.NONE
        ? classifications(result.prediction())
        : detailed(model, result);
  }

  /** The most probable class first. */
  private static List<ClassProbability> classifications(Prediction prediction) {
    return prediction.probabilities().entrySet().stream()
        .map(entry -> new ClassProbability(entry.getKey(), entry.getValue()))
        .sorted(Comparator.comparingDouble(ClassProbability::probability).reversed())
        .toList();
  }

  private static DetailedPrediction detailed(ServedModel model, PredictionResult result) {
    Manifest manifest = model.bundle().manifest();
    Prediction prediction = result.prediction();
    int side = manifest.input().side();
    return new DetailedPrediction(
        model.name(),
        model.version(),
        classifications(prediction),
        manifest.positiveClass(),
        prediction.positiveProbability(),
        prediction.threshold(),
        prediction.decision(),
        result.heatmap().map(heatmap -> heatmapImage(heatmap, side)).orElse(null),
        result.outOfDistribution().orElse(null),
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
