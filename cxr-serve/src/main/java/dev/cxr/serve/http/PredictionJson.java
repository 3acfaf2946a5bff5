package dev.cxr.serve.http;

import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.PngEncoder;
import dev.cxr.eval.explanation.HeatmapOverlay;
import dev.cxr.models.bundle.Manifest;
import dev.cxr.serve.inference.PredictionResult;
import dev.cxr.serve.inference.ServedModel;
import java.io.IOException;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** An answer as JSON: DJL Serving's list of classes, or that and everything behind it. */
final class PredictionJson {

  private static final String NOTICE = "Research software, not a medical device.";

  private PredictionJson() {}

  /** An element of the list. */
  private record ClassProbability(String className, double probability) {}

  /** What {@code ?detail=true} answers; what a network cannot tell is left out. */
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
   * Where the evidence for a class lies.
   *
   * @param className the likeliest class but the first
   * @param png to be laid over the picture, as a data URI: transparent where nothing speaks for it
   */
  private record HeatmapImage(String className, String png) {}

  /** The list alone, the likelier class first. */
  static Object classifications(ServedModel model, PredictionResult result) {
    return classProbabilities(model, result);
  }

  private static List<ClassProbability> classProbabilities(
      ServedModel model, PredictionResult result) {
    List<String> classes = model.bundle().manifest().classes();
    return IntStream.range(0, classes.size())
        .mapToObj(i -> new ClassProbability(classes.get(i), result.probabilities().get(i)))
        .sorted(Comparator.comparingDouble(ClassProbability::probability).reversed())
        .toList();
  }

  static Object detailed(ServedModel model, PredictionResult result) throws IOException {
    Manifest manifest = model.bundle().manifest();
    double probability = model.positiveProbability(result);
    PredictionResult.@Nullable Heatmap gradCam =
        result.explanation().flatMap(PredictionResult.Explanation::heatmap).orElse(null);
    HeatmapImage heatmap =
        gradCam == null
            ? null
            : new HeatmapImage(gradCam.className(), heatmapPng(gradCam, manifest.input().side()));
    GrayImage image = result.image().orElse(null);
    return new DetailedPrediction(
        model.name(),
        model.version(),
        classProbabilities(model, result),
        manifest.positiveClass(),
        probability,
        manifest.threshold().value(),
        model.decision(result),
        heatmap,
        result.explanation().flatMap(PredictionResult.Explanation::outOfDistribution).orElse(null),
        image == null ? null : dataUri(PngEncoder.encode(image)),
        manifest.data().synthetic(),
        NOTICE);
  }

  private static String heatmapPng(PredictionResult.Heatmap gradCam, int side) throws IOException {
    return dataUri(
        PngEncoder.encode(HeatmapOverlay.transparentLayer(gradCam.values(), side, side)));
  }

  private static String dataUri(byte[] png) {
    return "data:image/png;base64," + Base64.getEncoder().encodeToString(png);
  }
}
