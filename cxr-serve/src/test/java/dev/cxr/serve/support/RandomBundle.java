package dev.cxr.serve.support;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import com.google.gson.JsonObject;
import dev.cxr.data.image.DicomMetadata;
import dev.cxr.data.index.Task;
import dev.cxr.data.index.ValidationSplitRule;
import dev.cxr.models.architecture.BuiltInArchitecture;
import dev.cxr.models.architecture.InputSpec;
import dev.cxr.models.architecture.MemoryFormat;
import dev.cxr.models.architecture.PredictionBlock;
import dev.cxr.models.bundle.BundleWriter;
import dev.cxr.models.bundle.LogitDecoder;
import dev.cxr.models.bundle.Manifest;
import dev.cxr.models.bundle.OperatingThreshold;
import dev.cxr.models.composition.AnomalyScorer;
import dev.cxr.models.composition.MahalanobisDistance;
import dev.cxr.models.composition.ModelSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Small bundles with random weights, always the same.
 *
 * @param modelSpec as in the manifest
 */
public record RandomBundle(
    String name, Task task, String modelSpec, int side, boolean synthetic, int seed) {

  /** A binary model with an input of 32 x 32 pixels, named {@code random}. */
  public static final RandomBundle SMALL =
      new RandomBundle("random", Task.BINARY, BuiltInArchitecture.BINARY_CNN.id(), 32, true, 7);

  /** Writes {@link #SMALL}. */
  public static Path write(Path folder) throws IOException {
    return SMALL.writeTo(folder);
  }

  /** The same under another name. */
  public RandomBundle withName(String other) {
    return new RandomBundle(other, task, modelSpec, side, synthetic, seed);
  }

  /** The same with other weights. */
  public RandomBundle withSeed(int other) {
    return new RandomBundle(name, task, modelSpec, side, synthetic, other);
  }

  /** The same for another task. */
  public RandomBundle withTask(Task other) {
    return new RandomBundle(name, other, modelSpec, side, synthetic, seed);
  }

  /** The same with another model. */
  public RandomBundle withModelSpec(String other) {
    return new RandomBundle(name, task, other, side, synthetic, seed);
  }

  /** The same with another input size; real networks use 224. */
  public RandomBundle withSide(int other) {
    return new RandomBundle(name, task, modelSpec, other, synthetic, seed);
  }

  /** The same, as if trained on real images. */
  public RandomBundle nonSynthetic() {
    return new RandomBundle(name, task, modelSpec, side, false, seed);
  }

  /** Writes it into a new folder. */
  public Path writeTo(Path folder) throws IOException {
    Files.createDirectories(folder);
    Engine.getInstance().setRandomSeed(seed);
    try (Model model = Model.newInstance(name, "PyTorch")) {
      PredictionBlock block =
          ModelSpec.parse(modelSpec)
              .create(
                  InputSpec.gray(side), LogitDecoder.logitCount(task), MemoryFormat.CHANNELS_LAST);
      if (block instanceof AnomalyScorer scorer) {
        fitOnNoise(scorer, model.getNDManager());
      }
      block.initialize(model.getNDManager(), DataType.FLOAT32, new Shape(1, 1, side, side));
      model.setBlock(block);
      BundleWriter.write(folder, manifest(), model, "epoch\n1\n");
    }
    return folder;
  }

  /** Uses noise instead of normal images. */
  private void fitOnNoise(AnomalyScorer scorer, NDManager manager) {
    Shape one = new Shape(1, 1, side, side);
    scorer
        .getChildren()
        .values()
        .forEach(network -> network.initialize(manager, DataType.FLOAT32, one));
    ParameterStore parameters = new ParameterStore(manager, false);
    try (NDManager scope = manager.newSubManager()) {
      NDArray noise = scope.randomUniform(0, 1, new Shape(6, 1, side, side));
      if (scorer instanceof MahalanobisDistance distance) {
        distance.fit(manager, distance.embed(parameters, noise));
      }
      scorer.fitStandardization(manager, scorer.scores(parameters, noise));
    }
  }

  private Manifest manifest() {
    return new Manifest(
        Manifest.FORMAT_VERSION,
        name,
        task,
        modelSpec,
        InputSpec.gray(side),
        Manifest.RESIZE,
        DicomMetadata.PRESENTATION,
        task.classes(),
        task.positiveClass(),
        new OperatingThreshold(0.5, "none: the weights are random"),
        1,
        new Manifest.DatasetInfo(
            "synthetic", synthetic, "none", ValidationSplitRule.DEFAULT, Map.of(), null, null),
        new JsonObject(),
        1,
        new Manifest.Versions("test", "test", "test", "test", "test"),
        new JsonObject(),
        null,
        null,
        null);
  }
}
