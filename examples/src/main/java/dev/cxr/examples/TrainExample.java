package dev.cxr.examples;

import dev.cxr.train.TrainedModel;
import dev.cxr.train.Trainer;
import dev.cxr.train.loop.EpochMetrics;
import dev.cxr.train.loop.TrainingListener;
import java.io.IOException;
import java.nio.file.Path;

/** Trains a recipe on the built-in synthetic sample, with a listener. */
public final class TrainExample {

  /** Arguments: run folder to create, number of epochs. */
  public static void main(String... arguments) throws IOException {
    Trainer trainer =
        Trainer.builder()
            .setRecipe("quick")
            .setDataset("synthetic")
            .setOutput(Path.of(arguments[0]))
            .optOverride("epochs", arguments[1])
            .optListener(new EpochPrinter())
            .build();
    TrainedModel model = trainer.train(); // trainer.cancel() stops it, from any thread
    System.out.println("Bundle: " + model.bundle());
  }

  private static final class EpochPrinter implements TrainingListener {
    @Override
    public void onEpoch(EpochMetrics epoch, boolean best) {
      System.out.printf("Epoch %d: loss %.4f%n", epoch.epoch(), epoch.validationLoss());
    }
  }
}
