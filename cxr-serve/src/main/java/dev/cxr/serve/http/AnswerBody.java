package dev.cxr.serve.http;

import dev.cxr.models.bundle.Manifest;
import dev.cxr.serve.inference.Answer;
import dev.cxr.serve.inference.ServedModel;
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
      Answer.@Nullable Heatmap heatmap,
      @Nullable Double outOfDistribution,
      @Nullable String picture,
      boolean synthetic,
      String notice) {}

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

  static Object detailed(ServedModel model, Answer answer) {
    Manifest manifest = model.bundle().manifest();
    double probability = model.positiveProbability(answer);
    return new Detail(
        model.name(),
        model.version(),
        classProbabilities(model, answer),
        manifest.positiveClass(),
        probability,
        manifest.threshold().value(),
        model.decision(answer),
        answer.explanation().flatMap(Answer.Explanation::heatmap).orElse(null),
        answer.explanation().flatMap(Answer.Explanation::unfamiliarity).orElse(null),
        answer.picture().orElse(null),
        manifest.data().synthetic(),
        NOTICE);
  }
}
