package dev.cxr.examples;

import dev.cxr.models.Classifier;
import dev.cxr.train.TrainedModel;
import dev.cxr.train.Trainer;
import java.io.IOException;
import java.nio.file.Path;

/** Trains a recipe with {@link SmallNet}, and loads the bundle. */
public final class CustomArchitectureExample {

  /** Argument: run folder to create. */
  public static void main(String... arguments) throws IOException {
    TrainedModel model =
        Trainer.builder()
            .setRecipe("quick")
            .setDataset("synthetic")
            .setOutput(Path.of(arguments[0]))
            .optOverride("architecture", "small-net")
            .optOverride("side", "32")
            .optOverride("epochs", "1")
            .build()
            .train();
    try (Classifier classifier = Classifier.load(model.bundle())) {
      System.out.println("Loaded " + classifier.manifest().architecture());
    }
  }
}
