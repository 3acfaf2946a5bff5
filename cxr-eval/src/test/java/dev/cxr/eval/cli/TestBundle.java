package dev.cxr.eval.cli;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import dev.cxr.data.image.DicomMetadata;
import dev.cxr.data.index.ClassNames;
import dev.cxr.data.index.Task;
import dev.cxr.data.index.ValidationSplitRule;
import dev.cxr.models.architecture.InputSpec;
import dev.cxr.models.architecture.MemoryFormat;
import dev.cxr.models.bundle.BundleWriter;
import dev.cxr.models.bundle.LogitDecoder;
import dev.cxr.models.bundle.Manifest;
import dev.cxr.models.bundle.OperatingThreshold;
import dev.cxr.models.composition.AnomalyScorer;
import dev.cxr.models.composition.ModelSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A bundle whose network has random weights: it answers something, always the same. */
public final class TestBundle {

  private static final String HISTORY =
      """
      epoch,train_loss,train_accuracy,val_loss,val_accuracy,val_auroc,learning_rate
      1,0.7,0.5,0.8,0.55,,1.0E-4
      2,0.5,0.7,0.6,0.75,0.8,1.0E-4
      """;

  private TestBundle() {}

  public static Path write(Path folder, Task task, int side, boolean synthetic, double threshold)
      throws IOException {
    return write(folder, task, side, synthetic, threshold, 1, new JsonObject(), 3, HISTORY);
  }

  /** With this history.csv. */
  static Path withHistory(Path folder, int side, String history) throws IOException {
    return write(folder, Task.BINARY, side, false, 0.5, 1, new JsonObject(), 3, history);
  }

  /** Whose probabilities are as good as 0 or 1. */
  static Path overconfident(Path folder, int side) throws IOException {
    return write(folder, Task.BINARY, side, false, 0.5, 1e-6, new JsonObject(), 3, HISTORY);
  }

  /** Whose weights are drawn by the seed, which its recipe tells. */
  public static Path withSeed(Path folder, Task task, int side, int seed) throws IOException {
    JsonObject recipe = new JsonObject();
    recipe.addProperty("name", "test");
    recipe.addProperty("task", task.name());
    recipe.addProperty("architecture", "binary-cnn");
    recipe.addProperty("side", side);
    recipe.addProperty("epochs", 1);
    JsonObject weights = new JsonObject();
    weights.addProperty("from", "/weights/some.safetensors");
    recipe.add("weights", weights);
    recipe.addProperty("seed", seed);
    return write(folder, task, side, false, 0.5, 1, recipe, seed, HISTORY);
  }

  private static Path write(
      Path folder,
      Task task,
      int side,
      boolean synthetic,
      double threshold,
      double temperature,
      JsonObject recipe,
      int seed,
      String history)
      throws IOException {
    Manifest manifest =
        new Manifest(
            Manifest.FORMAT_VERSION,
            "lungs",
            task,
            task.isAnomaly() ? "reconstruction(autoencoder)" : "binary-cnn",
            InputSpec.gray(side),
            Manifest.RESIZE,
            DicomMetadata.PRESENTATION,
            task.classes(),
            task.positiveClass(),
            new OperatingThreshold(threshold, "by a test"),
            temperature,
            new Manifest.DatasetInfo(
                "training",
                synthetic,
                "by patient group",
                ValidationSplitRule.DEFAULT,
                Map.of(),
                task.isOwn() ? ClassNames.parse(String.join(",", task.classes())) : null,
                null),
            recipe,
            1,
            new Manifest.Versions("0.1.0", "abc1234", "0.38.0", "2.7.1", "17"),
            new JsonObject(),
            null,
            null,
            null);
    try (Model model = Model.newInstance(manifest.name(), "PyTorch")) {
      ModelSpec composition = ModelSpec.parse(manifest.architecture());
      model.setBlock(
          composition.create(
              manifest.input(), LogitDecoder.logitCount(task), MemoryFormat.CHANNELS_LAST));
      if (model.getBlock() instanceof AnomalyScorer novelty) {
        novelty.fitStandardization(model.getNDManager(), new double[] {-3, -1});
      }
      Engine.getEngine("PyTorch").setRandomSeed(seed);
      model
          .getBlock()
          .initialize(model.getNDManager(), DataType.FLOAT32, new Shape(1, 1, side, side));
      BundleWriter.write(Files.createDirectory(folder), manifest, model, history);
    }
    return folder;
  }
}
