package dev.cxr.benchmarks;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import com.google.gson.JsonObject;
import dev.cxr.common.command.EngineCommand;
import dev.cxr.data.image.DicomMetadata;
import dev.cxr.data.index.Task;
import dev.cxr.data.index.ValidationSplitRule;
import dev.cxr.models.Classifier;
import dev.cxr.models.architecture.Architecture;
import dev.cxr.models.architecture.BuiltInArchitecture;
import dev.cxr.models.architecture.Network;
import dev.cxr.models.architecture.PredictionBlock;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.bundle.BundleWriter;
import dev.cxr.models.bundle.ImageBatch;
import dev.cxr.models.bundle.LogitDecoder;
import dev.cxr.models.bundle.Manifest;
import dev.cxr.models.bundle.OperatingThreshold;
import dev.cxr.models.composition.AnomalyScorer;
import dev.cxr.models.composition.ModelSpec;
import dev.cxr.models.engine.InferenceEngine;
import dev.cxr.models.onnx.OnnxExporter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Writes the network and the images that all candidates use, and what cxr predicts for the images.
 */
@Command(
    name = "weights",
    description =
        "Write a network with random weights as a bundle, as weights.npz and as model.onnx, and"
            + " synthetic images with cxr's probabilities for them as batch.npz (x and"
            + " probabilities); prints JSON.")
final class WeightsCommand implements EngineCommand {

  static final String BUNDLE = "bundle";
  static final String BATCH = "batch.npz";
  static final String ONNX = "model.onnx";

  /** After these the running statistics are those of the images within 4 %. */
  private static final int BATCH_NORM_STEPS = 30;

  private static final int BATCH_NORM_IMAGES = 4;

  /** Large enough to notice an error, small enough not to amplify rounding. */
  private static final double LOGIT_DEVIATION = .1;

  @Option(
      names = "--architecture",
      paramLabel = "NAME",
      required = true,
      description = "A built-in architecture.")
  private String name = "";

  @Option(names = "--out", paramLabel = "DIR", required = true, description = "A new folder.")
  private Path out = Path.of("");

  @Option(
      names = "--images",
      paramLabel = "N",
      required = true,
      description = "How many images to write.")
  private int imageCount;

  @Override
  public Integer call() throws IOException {
    BuiltInArchitecture architecture =
        Arrays.stream(BuiltInArchitecture.values())
            .filter(a -> a.id().equals(name))
            .findFirst()
            .orElseThrow();
    int side = architecture.defaultSide();
    Task task =
        switch (architecture.defaultOutputs()) {
          case 0 -> Task.ANOMALY;
          case 1 -> Task.BINARY;
          default -> Task.THREE_CLASS;
        };
    ModelSpec spec = ModelSpec.singleNetwork(architecture, task, Optional.empty());
    Path folder = Files.createDirectories(out.resolve(BUNDLE));
    Engine.getInstance().setRandomSeed(1);
    try (Model model = Model.newInstance("benchmark", "PyTorch")) {
      NDManager manager = model.getNDManager();
      NDArray images = ImageBatch.synthetic(manager, imageCount, side);
      Network network = architecture.create(side);
      network.initialize(manager, DataType.FLOAT32, new Shape(1, 1, side, side));
      randomize(network, images);
      PredictionBlock block =
          spec.build(LogitDecoder.logitCount(task), (ignored, outputs) -> network);
      NDList weights = new NDList();
      if (block instanceof AnomalyScorer scorer) {
        ParameterStore store = new ParameterStore(manager, false);
        scorer.fitStandardization(manager, scorer.scores(store, images));
        scorer
            .getDirectParameters()
            .forEach(statistic -> add(weights, statistic.getKey(), statistic.getValue()));
      }
      block.initialize(manager, DataType.FLOAT32, new Shape(1, 1, side, side));
      network.getParameters().forEach(p -> add(weights, p.getKey(), p.getValue()));
      write(weights, out.resolve("weights.npz"));
      model.setBlock(block);
      BundleWriter.write(folder, manifest(architecture, spec, task), model, "epoch\n1\n");
    }
    InferenceEngine.PYTORCH.use();
    Bundle bundle = Bundle.open(folder);
    try (Classifier classifier = Classifier.load(bundle);
        NDManager manager = classifier.manager().newSubManager()) {
      NDArray x = ImageBatch.synthetic(manager, imageCount, side);
      double[][] classes = classifier.probabilities(x);
      NDArray probabilities = manager.create(new Shape(imageCount, classes[0].length));
      probabilities.set(
          manager.create(flat(classes)).toType(DataType.FLOAT32, false).toByteBuffer());
      x.setName("x");
      probabilities.setName("probabilities");
      write(new NDList(x, probabilities), out.resolve(BATCH));
      OnnxExporter.export(bundle, classifier.block(), classifier.manager(), out.resolve(ONNX));
    }
    System.out.printf("{\"trainable\": %d, \"side\": %d}%n", architecture.parameterCount(), side);
    return 0;
  }

  /**
   * Gives each parameter values of its own, so that swapped ones are noticed, with which the
   * probabilities of different images differ.
   */
  private static void randomize(Network network, NDArray images) {
    NDManager manager = images.getManager();
    for (Parameter parameter : network.getParameters().values()) {
      NDArray array = parameter.getArray();
      switch (parameter.getType()) {
        case GAMMA -> setValues(array, manager.randomUniform(.5f, 1.5f, array.getShape()));
        case BETA, BIAS -> setValues(array, manager.randomUniform(-.2f, .2f, array.getShape()));
        case WEIGHT ->
            // He et al. 2015: activations keep their size behind any number of ReLUs
            setValues(array, manager.randomNormal(array.getShape()).mul(deviation(array)));
        case RUNNING_MEAN, RUNNING_VAR, OTHER -> {}
      }
    }
    ParameterStore store = new ParameterStore(manager, false);
    NDArray few = images.get(":" + BATCH_NORM_IMAGES);
    for (int i = 0; i < BATCH_NORM_STEPS; i++) {
      try (NDManager scope = manager.newSubManager();
          GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        NDArray batch = few.duplicate();
        batch.attach(scope);
        network.forward(store, new NDList(batch), true);
      }
    }
    NDArray outputs = network.forward(store, new NDList(images), false).get(0);
    if (outputs.getShape().dimension() == 2) {
      standardize(network, outputs);
    }
  }

  private static float deviation(NDArray weight) {
    return (float) Math.sqrt(2.0 * weight.getShape().get(0) / weight.size());
  }

  /** Scales and shifts the last layer so that logits have mean 0 and a given deviation. */
  private static void standardize(Network network, NDArray logits) {
    List<Parameter> parameters = network.layer("logits").getParameters().values();
    NDArray weight = parameters.get(0).getArray();
    NDArray bias = parameters.get(1).getArray();
    NDArray mean = logits.mean(new int[] {0});
    NDArray deviation = logits.sub(mean).square().mean(new int[] {0}).sqrt().div(LOGIT_DEVIATION);
    setValues(weight, weight.div(deviation.reshape(-1, 1)));
    setValues(bias, bias.sub(mean).div(deviation));
  }

  private static void setValues(NDArray array, NDArray values) {
    array.set(values.toByteBuffer());
  }

  private static void add(NDList weights, String name, Parameter parameter) {
    NDArray copy = parameter.getArray().duplicate();
    copy.setName(name);
    weights.add(copy);
  }

  private static double[] flat(double[][] rows) {
    return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
  }

  private static void write(NDList arrays, Path file) throws IOException {
    try (OutputStream stream = Files.newOutputStream(file)) {
      arrays.encode(stream, NDList.Encoding.NPZ);
    }
  }

  private static Manifest manifest(Architecture architecture, ModelSpec spec, Task task) {
    return new Manifest(
        Manifest.FORMAT_VERSION,
        "benchmark",
        task,
        spec.toString(),
        architecture.input(architecture.defaultSide()),
        Manifest.RESIZE,
        DicomMetadata.PRESENTATION,
        task.classes(),
        task.positiveClass(),
        new OperatingThreshold(0.5, "not chosen: the weights are random"),
        1,
        new Manifest.DatasetInfo(
            "none", true, "none", ValidationSplitRule.DEFAULT, Map.of(), null, null),
        new JsonObject(),
        1,
        new Manifest.Versions("benchmark", "benchmark", "benchmark", "benchmark", "benchmark"),
        new JsonObject(),
        null,
        null, null);
  }
}
