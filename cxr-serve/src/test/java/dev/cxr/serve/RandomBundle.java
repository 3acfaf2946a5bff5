package dev.cxr.serve;

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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A small bundle with random weights. */
final class RandomBundle {

  private static final int SIDE = 32;

  private RandomBundle() {}

  static Path write(Path folder) throws IOException {
    Files.createDirectories(folder);
    Engine.getInstance().setRandomSeed(7);
    try (Model model = Model.newInstance("random", "PyTorch")) {
      var network =
          Architecture.BINARY_CNN.create(InputSpec.gray(SIDE), 1, MemoryFormat.CHANNELS_LAST);
      network.initialize(model.getNDManager(), DataType.FLOAT32, new Shape(1, 1, SIDE, SIDE));
      model.setBlock(network);
      BundleWriter.write(folder, manifest(), model, "epoch\n1\n");
    }
    return folder;
  }

  private static Manifest manifest() {
    return new Manifest(
        Manifest.FORMAT_VERSION,
        "random",
        Task.BINARY,
        Architecture.BINARY_CNN.id(),
        InputSpec.gray(SIDE),
        Manifest.RESIZE,
        Task.BINARY.classes(),
        Task.BINARY.positiveClass(),
        new Manifest.Threshold(0.5, "nothing: the weights are random"),
        1,
        new Manifest.Data("synthetic", true, "none", ValidationRule.DEFAULT, Map.of()),
        new JsonObject(),
        1,
        new Manifest.Versions("test", "test", "test", "test", "test"),
        new JsonObject());
  }
}
