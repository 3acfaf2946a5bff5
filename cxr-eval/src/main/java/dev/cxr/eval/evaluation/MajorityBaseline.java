package dev.cxr.eval.evaluation;

import dev.cxr.eval.metrics.Estimate;
import java.util.Arrays;

/**
 * What answering the same to every picture achieves; its AUROC is one half.
 *
 * @param predictedClass the class that most validation pictures are of, or why there is none
 * @param accuracy the share of judged pictures that are of it
 */
public record MajorityBaseline(String predictedClass, Estimate accuracy) {

  /** The same without its accuracy, which mixes the classes. */
  MajorityBaseline withoutCrossClass() {
    return new MajorityBaseline(predictedClass, new Estimate.Undefined(ClassSources.REASON));
  }

  static MajorityBaseline of(LabelledPredictions evaluated, LabelledPredictions validation) {
    int size = validation.predictions().size();
    if (size == 0) {
      String none = "no validation picture to learn the most frequent class from";
      return new MajorityBaseline(none, new Estimate.Undefined(none));
    }
    int[] counts = new int[evaluated.task().classes().size()];
    validation.predictions().forEach(p -> counts[evaluated.task().label(p.finding())]++);
    int most = Arrays.stream(counts).max().orElseThrow();
    int answer = 0;
    while (counts[answer] < most) {
      answer++;
    }
    int chosen = answer;
    long correct =
        evaluated.predictions().stream()
            .filter(p -> evaluated.task().label(p.finding()) == chosen)
            .count();
    return new MajorityBaseline(
        evaluated.task().classes().get(answer),
        Estimate.proportion(correct, evaluated.predictions().size(), "no example"));
  }
}
