package dev.cxr.serve.support;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import dev.cxr.data.catalogue.Task;
import dev.cxr.data.catalogue.ValidationRule;
import dev.cxr.models.architecture.Architecture;
import dev.cxr.models.architecture.InputSpec;
import dev.cxr.models.architecture.MemoryFormat;
import dev.cxr.models.bundle.BundleWriter;
import dev.cxr.models.bundle.Manifest;
import dev.cxr.models.bundle.Outputs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Small bundles with random weights: they answer something, always the same. */
public record RandomBundle(String name, Task task, int side, boolean synthetic, int seed) {

  /** A binary one of 32 x 32 pixels called {@code random}. */
  public static final RandomBundle SMALL = new RandomBundle("random", Task.BINARY, 32, true, 7);

  /** Of the size at which real networks run, for what is measured. */
  public static final RandomBundle REAL_SIZE =
      new RandomBundle("random", Task.BINARY, 224, true, 7);

  /** Writes {@link #SMALL}. */
  public static Path write(Path folder) throws IOException {
    return SMALL.in(folder);
  }

  /** The same under another name. */
  public RandomBundle named(String other) {
    return new RandomBundle(other, task, side, synthetic, seed);
  }

  /** The same with other weights. */
  public RandomBundle seeded(int other) {
    return new RandomBundle(name, task, side, synthetic, other);
  }

  /** The same for another question. */
  public RandomBundle asking(Task other) {
    return new RandomBundle(name, other, side, synthetic, seed);
  }

  /** The same as if it had learned from real pictures. */
  public RandomBundle real() {
    return new RandomBundle(name, task, side, false, seed);
  }

  /** Writes it into a new folder. */
  public Path in(Path folder) throws IOException {
    Files.createDirectories(folder);
    Engine.getInstance().setRandomSeed(seed);
    try (Model model = Model.newInstance(name, "PyTorch")) {
      var network =
          Architecture.BINARY_CNN.create(
              InputSpec.gray(side), Outputs.logits(task), MemoryFormat.CHANNELS_LAST);
      network.initialize(model.getNDManager(), DataType.FLOAT32, new Shape(1, 1, side, side));
      model.setBlock(network);
      BundleWriter.write(folder, manifest(), model, "epoch\n1\n");
    }
    return folder;
  }

  private Manifest manifest() {
    return new Manifest(
        Manifest.FORMAT_VERSION,
        name,
        task,
        Architecture.BINARY_CNN.id(),
        InputSpec.gray(side),
        Manifest.RESIZE,
        task.classes(),
        task.positiveClass(),
        new Manifest.Threshold(0.5, "nothing: the weights are random"),
        1,
        new Manifest.Data("synthetic", synthetic, "none", ValidationRule.DEFAULT, Map.of()),
        new JsonObject(),
        1,
        new Manifest.Versions("test", "test", "test", "test", "test"),
        new JsonObject());
  }
}
