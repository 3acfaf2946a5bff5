package dev.cxr.eval.figures;

import dev.cxr.eval.metrics.Estimate;
import java.util.Arrays;

/**
 * What answering the same to every picture achieves; its AUROC is one half.
 *
 * @param answer the class that most validation pictures are of, or why there is none
 * @param accuracy the share of judged pictures that are of it
 */
public record Majority(String answer, Estimate accuracy) {

  /** The same without its accuracy, which mixes the classes. */
  Majority apart() {
    return new Majority(answer, new Estimate.Undefined(ClassSources.REASON));
  }

  static Majority of(Rows judged, Rows validation) {
    int size = validation.predictions().size();
    if (size == 0) {
      String none = "no validation picture to learn the most frequent class from";
      return new Majority(none, new Estimate.Undefined(none));
    }
    int[] counts = new int[judged.task().classes().size()];
    validation.predictions().forEach(p -> counts[judged.task().label(p.finding())]++);
    int most = Arrays.stream(counts).max().orElseThrow();
    int answer = 0;
    while (counts[answer] < most) {
      answer++;
    }
    int chosen = answer;
    long right =
        judged.predictions().stream()
            .filter(p -> judged.task().label(p.finding()) == chosen)
            .count();
    return new Majority(
        judged.task().classes().get(answer),
        Estimate.proportion(right, judged.predictions().size(), "no example"));
  }
}
