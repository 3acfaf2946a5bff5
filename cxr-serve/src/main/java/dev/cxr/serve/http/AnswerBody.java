package dev.cxr.serve.http;

import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.PngEncoder;
import dev.cxr.eval.explanation.HeatmapOverlay;
import dev.cxr.models.bundle.Manifest;
import dev.cxr.serve.inference.Answer;
import dev.cxr.serve.inference.ServedModel;
import java.io.IOException;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** An answer as JSON: DJL Serving's list of classes, or that and everything behind it. */
final class AnswerBody {

  private static final String NOTICE = "Research software, not a medical device.";

  private AnswerBody() {}

  /** An element of the list. */
  private record ClassProbability(String className, double probability) {}

  /** What {@code ?detail=true} answers; what a network cannot tell is left out. */
  private record Detail(
      String model,
      String bundle,
      List<ClassProbability> classifications,
      String positiveClass,
      double calibratedProbability,
      double threshold,
      String decision,
      @Nullable Heatmap heatmap,
      @Nullable Double outOfDistribution,
      @Nullable String picture,
      boolean synthetic,
      String notice) {}

  /**
   * Where the evidence for a class lies.
   *
   * @param className the likeliest class but the first
   * @param png to be laid over the picture, as a data URI: transparent where nothing speaks for it
   */
  private record Heatmap(String className, String png) {}

  /** The list alone, the likelier class first. */
  static Object plain(ServedModel model, Answer answer) {
    return classProbabilities(model, answer);
  }

  private static List<ClassProbability> classProbabilities(ServedModel model, Answer answer) {
    List<String> classes = model.bundle().manifest().classes();
    return IntStream.range(0, classes.size())
        .mapToObj(i -> new ClassProbability(classes.get(i), answer.probabilities().get(i)))
        .sorted(Comparator.comparingDouble(ClassProbability::probability).reversed())
        .toList();
  }

  static Object detailed(ServedModel model, Answer answer) throws IOException {
    Manifest manifest = model.bundle().manifest();
    double probability = model.positiveProbability(answer);
    Answer.@Nullable Heatmap evidence =
        answer.explanation().flatMap(Answer.Explanation::heatmap).orElse(null);
    Heatmap heatmap =
        evidence == null
            ? null
            : new Heatmap(evidence.className(), layer(evidence, manifest.input().side()));
    GrayImage picture = answer.picture().orElse(null);
    return new Detail(
        model.name(),
        model.version(),
        classProbabilities(model, answer),
        manifest.positiveClass(),
        probability,
        manifest.threshold().value(),
        model.decision(answer),
        heatmap,
        answer.explanation().flatMap(Answer.Explanation::unfamiliarity).orElse(null),
        picture == null ? null : dataUri(PngEncoder.encode(picture)),
        manifest.data().synthetic(),
        NOTICE);
  }

  private static String layer(Answer.Heatmap evidence, int side) throws IOException {
    return dataUri(
        PngEncoder.encode(HeatmapOverlay.transparentLayer(evidence.values(), side, side)));
  }

  private static String dataUri(byte[] png) {
    return "data:image/png;base64," + Base64.getEncoder().encodeToString(png);
  }
}
