package dev.cxr.models;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import dev.cxr.data.shell.EngineCommand;
import dev.cxr.data.shell.Refusal;
import dev.cxr.models.architecture.Architecture;
import dev.cxr.models.architecture.ClassifierNetwork;
import dev.cxr.models.architecture.Network;
import dev.cxr.models.architecture.Stage;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Prints what a network is made of. */
@Command(
    name = "summary",
    description = "Print the layers of an architecture, their output shapes and parameters.")
final class SummaryCommand implements EngineCommand {

  @Option(
      names = "--architecture",
      paramLabel = "NAME",
      defaultValue = "binary-cnn",
      description = "Which one (default: ${DEFAULT-VALUE}).")
  private String architecture = "";

  @Option(
      names = "--side",
      paramLabel = "PIXELS",
      description = "Width and height of its input (default: what the architecture usually takes).")
  private @Nullable Integer side;

  @Override
  public Integer call() {
    Architecture named = Architecture.named(architecture);
    int pixels = side == null ? named.usual().side() : side;
    Network network = network(named, pixels);
    try (NDManager manager = NDManager.newBaseManager()) {
      Shape shape = new Shape(1, 1, pixels, pixels);
      network.initialize(manager, DataType.FLOAT32, shape);
      print("stage", "layer", "output", "parameters");
      for (Stage stage : network.stages()) {
        for (String layer : stage.layers()) {
          Block block = network.getChildren().get(layer);
          shape = block.getOutputShapes(new Shape[] {shape})[0];
          print(stage.name(), layer, shape, count(trainable(block)));
        }
      }
      print("trainable", "", "", count(trainable(network)));
    }
    System.out.println();
    System.out.println("feature map  " + network.featureMapLayer());
    if (network instanceof ClassifierNetwork classifier) {
      System.out.println("embedding    " + classifier.embeddingLayer());
    }
    return 0;
  }

  private static Network network(Architecture architecture, int side) {
    try {
      return architecture.create(side);
    } catch (IllegalArgumentException e) {
      throw Refusal.ofUsage(
          "a --side that %s takes".formatted(architecture.id()),
          "%d (it takes %s)".formatted(side, e.getMessage()),
          "Choose another.");
    }
  }

  private static long trainable(Block block) {
    return block.getParameters().values().stream()
        .filter(Parameter::requiresGradient)
        .mapToLong(p -> p.getArray().size())
        .sum();
  }

  private static String count(long parameters) {
    return String.format(Locale.ROOT, "%,d", parameters);
  }

  private static void print(String stage, String layer, Object output, String parameters) {
    System.out.printf("%-11s  %-33s  %-21s  %11s%n", stage, layer, output, parameters);
  }
}
