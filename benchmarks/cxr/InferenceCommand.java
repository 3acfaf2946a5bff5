package dev.cxr.benchmarks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.cxr.common.command.EngineCommand;
import dev.cxr.models.Classifier;
import dev.cxr.models.bundle.Bundle;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures the inference speed of a bundle; the variable {@code CXR_ENGINE} names the engine. */
@Command(
    name = "inference",
    description = "Predict the images that `weights` wrote again and again; prints JSON.")
final class InferenceCommand implements EngineCommand {

  @Option(
      names = "--model",
      paramLabel = "DIR",
      required = true,
      description = "Folder that `weights` wrote.")
  private Path model = Path.of("");

  @Mixin private Measurement measurement = new Measurement();

  @Override
  public Integer call() throws IOException {
    NpzFile batch = new NpzFile(model.resolve(WeightsCommand.BATCH));
    NpzFile.Array x = batch.array("x");
    Bundle bundle = Bundle.open(model.resolve(WeightsCommand.BUNDLE));
    try (Classifier classifier = Classifier.load(bundle);
        NDManager manager = classifier.manager().newSubManager()) {
      NDArray images = manager.create(x.values(), new Shape(x.shape()));
      System.out.println(
          measurement.run(
              batch.array("probabilities").rows(),
              size -> {
                NDArray first = images.get(":" + size).duplicate();
                return () -> predict(classifier, first);
              }));
    }
    return 0;
  }

  /** Frees the arrays of each prediction at once, as cxr's commands do. */
  private static double[][] predict(Classifier classifier, NDArray batch) {
    try (NDManager scope = classifier.manager().newSubManager()) {
      scope.tempAttachAll(batch);
      return classifier.probabilities(batch);
    }
  }
}
