package dev.cxr.examples;

import dev.cxr.eval.Evaluator;
import dev.cxr.eval.evaluation.Evaluation;
import dev.cxr.eval.metrics.Estimate;
import java.io.IOException;
import java.nio.file.Path;

/** Evaluates a bundle on the test split of a dataset, and writes the report. */
public final class EvaluateExample {

  /** Arguments: bundle folder, dataset, report folder to create. */
  public static void main(String... arguments) throws IOException {
    Evaluation evaluation =
        Evaluator.builder()
            .setBundle(Path.of(arguments[0]))
            .setDataset(arguments[1])
            .build()
            .evaluate();
    print("AUROC", evaluation.metrics().binary().auroc());
    print("sensitivity", evaluation.metrics().binary().recall());
    print("specificity", evaluation.metrics().binary().specificity());
    Evaluator.writeReport(evaluation, Path.of(arguments[2]));
  }

  private static void print(String name, Estimate estimate) {
    if (estimate instanceof Estimate.Defined metric) {
      System.out.printf(
          "%s %.3f, 95 %% interval %s%n", name, metric.value(), metric.bestInterval());
    }
  }
}
