package dev.cxr.models.cli;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.cxr.common.cli.UsageErrorException;
import dev.cxr.common.command.EngineCommand;
import dev.cxr.models.architecture.Architecture;
import dev.cxr.models.architecture.Architectures;
import dev.cxr.models.architecture.ClassifierNetwork;
import dev.cxr.models.architecture.Network;
import dev.cxr.models.summary.ModelSummary;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Prints the layers of a network. */
@Command(
    name = "summary",
    description =
        "Print the layers of an architecture, their output shapes, parameters and FLOPs (of"
            + " convolutions and dense layers, for one image; a multiply-add counts as two).")
public final class SummaryCommand implements EngineCommand {

  @Option(
      names = "--architecture",
      paramLabel = "NAME",
      defaultValue = "binary-cnn",
      description = "The architecture (default: ${DEFAULT-VALUE}).")
  private String architecture = "";

  @Option(
      names = "--side",
      paramLabel = "PIXELS",
      description = "Width and height of its input (default: that of the architecture).")
  private @Nullable Integer side;

  @Override
  public Integer call() {
    Architecture named = Architectures.forName(architecture);
    int pixels = side == null ? named.defaultSide() : side;
    Network network = network(named, pixels);
    try (NDManager manager = NDManager.newBaseManager()) {
      network.initialize(manager, DataType.FLOAT32, new Shape(1, 1, pixels, pixels));
      System.out.printf("%s: %s%n%n", named.id(), named.summary());
      System.out.println(ModelSummary.of(network, pixels).text());
      if (network.hasFeatureMaps()) {
        System.out.println("feature map  " + network.featureMapLayer());
      }
      if (network instanceof ClassifierNetwork classifier) {
        System.out.println("embedding    " + classifier.embeddingLayer());
      }
    }
    return 0;
  }

  private static Network network(Architecture architecture, int side) {
    try {
      return architecture.create(side);
    } catch (IllegalArgumentException e) {
      throw UsageErrorException.of(
          "a --side that %s supports".formatted(architecture.id()),
          "%d (it needs %s)".formatted(side, e.getMessage()),
          "Choose another.");
    }
  }
}
