package dev.cxr.models;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.util.Pair;
import dev.cxr.data.shell.EngineCommand;
import dev.cxr.data.shell.Refusal;
import dev.cxr.models.architecture.Architecture;
import dev.cxr.models.architecture.InputSpec;
import dev.cxr.models.architecture.MemoryFormat;
import java.util.Locale;
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
      defaultValue = "224",
      description = "Width and height of its input (default: ${DEFAULT-VALUE}).")
  private int side;

  @Override
  public Integer call() {
    SequentialBlock network = network();
    try (NDManager manager = NDManager.newBaseManager()) {
      Shape shape = new Shape(1, 1, side, side);
      network.initialize(manager, DataType.FLOAT32, shape);
      System.out.printf(Locale.ROOT, "%-24s %-20s %12s%n", "layer", "output", "parameters");
      for (Pair<String, Block> child : network.getChildren()) {
        shape = child.getValue().getOutputShapes(new Shape[] {shape})[0];
        System.out.printf(
            Locale.ROOT, "%-24s %-20s %,12d%n", child.getKey(), shape, trainable(child.getValue()));
      }
      System.out.printf(Locale.ROOT, "%-24s %-20s %,12d%n", "trainable", "", trainable(network));
    }
    return 0;
  }

  private SequentialBlock network() {
    Architecture named = Architecture.named(architecture);
    try {
      return named.create(InputSpec.gray(side), 1, MemoryFormat.CHANNELS_LAST);
    } catch (IllegalArgumentException e) {
      throw Refusal.ofUsage(
          "a --side that %s takes".formatted(named.id()),
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
}
