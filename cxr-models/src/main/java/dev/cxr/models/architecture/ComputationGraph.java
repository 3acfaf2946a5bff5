package dev.cxr.models.architecture;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.util.Pair;
import java.util.ArrayList;
import java.util.List;

/**
 * The operations of a network and how they are connected.
 *
 * @param operations in topological order
 */
public record ComputationGraph(List<Operation> operations) {

  private static final int NO_INPUT = -1;

  /**
   * Keeps a copy.
   *
   * @param operations as of the record
   */
  public ComputationGraph {
    operations = List.copyOf(operations);
  }

  /**
   * Traverses a network.
   *
   * @param network initialized
   * @param side width and height of the images, in pixels
   * @return the graph
   */
  public static ComputationGraph of(Network network, int side) {
    GraphBuilder builder = new GraphBuilder(new Shape(1, 1, side, side));
    int last = NO_INPUT;
    for (Pair<String, Block> layer : network.getChildren()) {
      last = builder.visit(layer.getKey(), layer.getKey(), layer.getValue(), last);
    }
    return new ComputationGraph(builder.operations);
  }

  /** Traverses blocks and collects their operations. */
  private static final class GraphBuilder {

    private final List<Operation> operations = new ArrayList<>();
    private final Shape inputShape;

    GraphBuilder(Shape inputShape) {
      this.inputShape = inputShape;
    }

    /** {@return the index of the block's last operation} */
    int visit(String layer, String name, Block block, int input) {
      if (block instanceof SequentialBlock) {
        int last = input;
        for (Pair<String, Block> child : block.getChildren()) {
          last = visit(layer, name(name, block, child), child.getValue(), last);
        }
        return last;
      }
      if (block instanceof MergeBlock || block instanceof ParallelBlock) {
        List<Integer> ends = new ArrayList<>();
        for (Pair<String, Block> child : block.getChildren()) {
          ends.add(visit(layer, name(name, block, child), child.getValue(), input));
        }
        return add(layer, name, block, ends, input);
      }
      if (block instanceof LambdaBlock lambda && lambda.getName().equals(Layers.IDENTITY)) {
        return input;
      }
      return add(layer, name, block, input == NO_INPUT ? List.of() : List.of(input), input);
    }

    /** Children of DJL's own blocks have no names of their own, only numbers and classes. */
    private static String name(String path, Block block, Pair<String, Block> child) {
      boolean isOurs = block instanceof NamedSequentialBlock || block instanceof MergeBlock;
      return child.getKey().isEmpty() || !isOurs ? path : path + "." + child.getKey();
    }

    private int add(String layer, String name, Block block, List<Integer> inputs, int input) {
      Shape operationInput = input == NO_INPUT ? inputShape : operations.get(input).output();
      Shape output = block.getOutputShapes(new Shape[] {operationInput})[0];
      List<Parameter> directParameters = block.getDirectParameters().values();
      long trainable =
          parameterCount(directParameters.stream().filter(Parameter::requiresGradient).toList());
      operations.add(
          new Operation(
              layer,
              name,
              kind(block),
              inputs,
              output,
              parameterCount(directParameters),
              trainable,
              flops(block, output)));
      return operations.size() - 1;
    }

    private static long parameterCount(List<Parameter> parameters) {
      return parameters.stream().mapToLong(p -> p.getShape().size()).sum();
    }

    private static long flops(Block block, Shape output) {
      if (block instanceof Conv2d || block instanceof Linear) {
        Shape weight = block.getDirectParameters().valueAt(0).getShape();
        return 2 * output.size() * weight.slice(1).size();
      }
      return 0;
    }

    private static String kind(Block block) {
      if (block instanceof Conv2d conv) {
        Shape kernel = conv.getKernelShape();
        long stride = conv.getStride().get(0);
        return "%sconv %dx%d%s"
            .formatted(
                conv.getGroups() == 1 ? "" : "depthwise ",
                kernel.get(0),
                kernel.get(1),
                stride == 1 ? "" : " / " + stride);
      }
      if (block instanceof MergeBlock branches) {
        return branches.join();
      }
      if (block instanceof LambdaBlock lambda) {
        return switch (lambda.getName()) {
          case "maxPool2d" -> "max pool";
          case "avgPool2d" -> "average pool";
          case "globalAvgPool2d" -> "global average pool";
          case "batchFlatten" -> "flatten";
          case "ReLU" -> "relu";
          case LambdaBlock.DEFAULT_NAME -> "relu"; // the model zoo names its other functions
          default -> lambda.getName();
        };
      }
      return switch (block.getClass().getSimpleName()) {
        case "Linear" -> "dense";
        case "Dropout" -> "dropout";
        case "ParallelBlock" -> "sum"; // the model zoo's residual unit
        default -> block.getClass().getSimpleName();
      };
    }
  }
}
