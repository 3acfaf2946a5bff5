package dev.cxr.benchmarks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import dev.cxr.data.shell.EngineCommand;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.bundle.Classifier;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures how fast a bundle answers the same batch over and over. */
@Command(
    name = "inference",
    description = "Ask about the batch of `weights` over and over; prints JSON.")
final class InferenceCommand implements EngineCommand {

  @Option(names = "--model", paramLabel = "DIR", required = true, description = "Of `weights`.")
  private Path model = Path.of("");

  @Option(
      names = "--seconds",
      defaultValue = "8",
      description = "A turn ends with the batch in which they end (default: ${DEFAULT-VALUE}).")
  private double turn;

  @Option(
      names = "--warm-up",
      defaultValue = "3",
      description = "Batches before the turn (default: ${DEFAULT-VALUE}).")
  private int warmUp;

  @Override
  public Integer call() throws IOException {
    try (Classifier classifier =
            Classifier.load(Bundle.open(model.resolve(WeightsCommand.BUNDLE)));
        NDManager owner = classifier.manager().newSubManager();
        InputStream file = Files.newInputStream(model.resolve(WeightsCommand.BATCH))) {
      NDArray x = NDList.decode(owner, file).get(0);
      for (int i = 0; i < warmUp; i++) {
        ask(classifier, x);
      }
      long started = System.nanoTime();
      int batches = 0;
      double seconds = 0;
      while (seconds < turn) {
        ask(classifier, x);
        batches++;
        seconds = (System.nanoTime() - started) / 1e9;
      }
      System.out.printf(
          Locale.ROOT,
          "{\"imagesPerSecond\": %.3f, \"batches\": %d}%n",
          batches * x.getShape().get(0) / seconds,
          batches);
    }
    return 0;
  }

  /** As a command does: what is made of a batch goes with a manager as narrow as the batch. */
  private static void ask(Classifier classifier, NDArray x) {
    try (NDManager scope = classifier.manager().newSubManager()) {
      scope.tempAttachAll(x);
      classifier.probabilities(x);
    }
  }
}
