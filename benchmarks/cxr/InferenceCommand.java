package dev.cxr.benchmarks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import dev.cxr.common.command.EngineCommand;
import dev.cxr.models.Classifier;
import dev.cxr.models.bundle.Bundle;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures the inference speed of a bundle on one batch repeated. */
@Command(
    name = "inference",
    description = "Predict the batch that `weights` wrote again and again; prints JSON.")
final class InferenceCommand implements EngineCommand {

  @Option(
      names = "--model",
      paramLabel = "DIR",
      required = true,
      description = "Folder that `weights` wrote.")
  private Path model = Path.of("");

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "8",
      description = "Least duration of the timed part (default: ${DEFAULT-VALUE}).")
  private double minSeconds;

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      defaultValue = "3",
      description = "Batches before the timed part (default: ${DEFAULT-VALUE}).")
  private int warmUpBatches;

  @Override
  public Integer call() throws IOException {
    try (Classifier classifier =
            Classifier.load(Bundle.open(model.resolve(WeightsCommand.BUNDLE)));
        NDManager manager = classifier.manager().newSubManager();
        InputStream file = Files.newInputStream(model.resolve(WeightsCommand.BATCH))) {
      NDArray batch = NDList.decode(manager, file).get(0);
      for (int i = 0; i < warmUpBatches; i++) {
        predict(classifier, batch);
      }
      long started = System.nanoTime();
      int batches = 0;
      double seconds = 0;
      while (seconds < minSeconds) {
        predict(classifier, batch);
        batches++;
        seconds = (System.nanoTime() - started) / 1e9;
      }
      System.out.printf(
          Locale.ROOT,
          "{\"imagesPerSecond\": %.3f, \"batches\": %d}%n",
          batches * batch.getShape().get(0) / seconds,
          batches);
    }
    return 0;
  }

  /** Frees the arrays of each prediction at once, as cxr's commands do. */
  private static void predict(Classifier classifier, NDArray batch) {
    try (NDManager scope = classifier.manager().newSubManager()) {
      scope.tempAttachAll(batch);
      classifier.probabilities(batch);
    }
  }
}
