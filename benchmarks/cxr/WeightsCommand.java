package dev.cxr.benchmarks;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import com.google.gson.JsonObject;
import dev.cxr.common.command.EngineCommand;
import dev.cxr.data.index.Task;
import dev.cxr.data.index.ValidationSplitRule;
import dev.cxr.models.Classifier;
import dev.cxr.models.architecture.BuiltInArchitecture;
import dev.cxr.models.architecture.InputSpec;
import dev.cxr.models.architecture.MemoryFormat;
import dev.cxr.models.architecture.PredictionBlock;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.bundle.BundleWriter;
import dev.cxr.models.bundle.LogitDecoder;
import dev.cxr.models.bundle.Manifest;
import dev.cxr.models.bundle.OperatingThreshold;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Writes the network and the batch that all candidates use, and what cxr predicts for the batch.
 */
@Command(
    name = "weights",
    description =
        "Write a binary-cnn with random weights as a bundle and as weights.npz, and a batch with"
            + " cxr's probabilities for it as batch.npz (x and probabilities); prints JSON.")
final class WeightsCommand implements EngineCommand {

  static final String BUNDLE = "bundle";
  static final String BATCH = "batch.npz";

  @Option(names = "--out", paramLabel = "DIR", required = true, description = "A new folder.")
  private Path out = Path.of("");

  @Option(
      names = "--side",
      paramLabel = "PIXELS",
      defaultValue = "224",
      description = "Width and height of the input (default: ${DEFAULT-VALUE}).")
  private int side;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "32",
      description = "Batch size (default: ${DEFAULT-VALUE}).")
  private int batchSize;

  @Override
  public Integer call() throws IOException {
    Path folder = Files.createDirectories(out.resolve(BUNDLE));
    Engine.getInstance().setRandomSeed(1);
    try (Model model = Model.newInstance("benchmark", "PyTorch")) {
      NDManager manager = model.getNDManager();
      PredictionBlock network =
          BuiltInArchitecture.BINARY_CNN.create(
              InputSpec.gray(side),
              LogitDecoder.logitCount(Task.BINARY),
              MemoryFormat.CHANNELS_LAST);
      network.initialize(manager, DataType.FLOAT32, new Shape(1, 1, side, side));
      model.setBlock(network);
      NDList weights = new NDList();
      long trainable = 0;
      for (Pair<String, Parameter> parameter : network.getParameters()) {
        NDArray array = parameter.getValue().getArray();
        if (array.getShape().dimension() == 1) {
          // Not their initial 0 and 1: the check must notice swapped parameters.
          array.set(manager.randomUniform(0.5f, 1.5f, array.getShape()).toByteBuffer());
        }
        if (parameter.getValue().requiresGradient()) {
          trainable += array.size();
        }
        NDArray copy = array.duplicate();
        copy.setName(parameter.getKey());
        weights.add(copy);
      }
      write(weights, out.resolve("weights.npz"));
      System.out.printf("{\"trainable\": %d}%n", trainable);
      BundleWriter.write(folder, manifest(), model, "epoch\n1\n");
    }
    try (Classifier classifier = Classifier.load(Bundle.open(folder));
        NDManager manager = classifier.manager().newSubManager()) {
      NDArray x = manager.randomUniform(0, 1, new Shape(batchSize, 1, side, side));
      double[][] classes = classifier.probabilities(x);
      float[] positive = new float[batchSize];
      for (int i = 0; i < batchSize; i++) {
        positive[i] = (float) classes[i][1];
      }
      NDArray probabilities = manager.create(positive);
      x.setName("x");
      probabilities.setName("probabilities");
      write(new NDList(x, probabilities), out.resolve(BATCH));
    }
    return 0;
  }

  private static void write(NDList arrays, Path file) throws IOException {
    try (OutputStream stream = Files.newOutputStream(file)) {
      arrays.encode(stream, NDList.Encoding.NPZ);
    }
  }

  private Manifest manifest() {
    Task task = Task.BINARY;
    return new Manifest(
        Manifest.FORMAT_VERSION,
        "benchmark",
        task,
        BuiltInArchitecture.BINARY_CNN.id(),
        InputSpec.gray(side),
        Manifest.RESIZE,
        task.classes(),
        task.positiveClass(),
        new OperatingThreshold(0.5, "not chosen: the weights are random"),
        1,
        new Manifest.DatasetInfo("none", true, "none", ValidationSplitRule.DEFAULT, Map.of()),
        new JsonObject(),
        1,
        new Manifest.Versions("benchmark", "benchmark", "benchmark", "benchmark", "benchmark"),
        new JsonObject(),
        null,
        null);
  }
}
