package dev.cxr.eval.evaluation;

import dev.cxr.eval.metrics.Estimate;
import java.util.Arrays;

/**
 * The baseline that predicts the majority class for every image; its AUROC is 0.5.
 *
 * @param predictedClass the most frequent class of validation, or why there is none
 * @param accuracy the share of evaluated images that are of it
 */
public record MajorityBaseline(String predictedClass, Estimate accuracy) {

  static MajorityBaseline of(LabelledPredictions evaluated, LabelledPredictions validation) {
    int size = validation.predictions().size();
    if (size == 0) {
      String none = "no validation image to find the most frequent class";
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
        evaluated.sources() == ClassSources.SHARED
            ? Estimate.proportion(correct, evaluated.predictions().size(), "no example")
            : new Estimate.Undefined(ClassSources.REASON));
  }
}
