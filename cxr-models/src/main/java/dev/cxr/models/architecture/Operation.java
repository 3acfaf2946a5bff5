package dev.cxr.models.architecture;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import java.util.ArrayList;
import java.util.List;

/**
 * A single operation of a network: a convolution, an activation, a sum.
 *
 * @param kind such as {@code conv 3x3 / 2}
 * @param output the shape of its output for one image
 * @param parameters the number of its parameters
 * @param trainable the number of its trainable parameters
 * @param flops 2 per multiply-add for one image; only of convolutions and dense layers, which
 *     dominate
 */
public record Operation(String kind, Shape output, long parameters, long trainable, long flops) {

  /** One without a name, most often an activation. */
  private static final String FUNCTION = "function";

  /**
   * Lists the operations of a layer, in order.
   *
   * @param layer initialized
   * @param input the shape of its input for one image
   * @return at least one; the last one's output is that of the layer
   */
  public static List<Operation> of(Block layer, Shape input) {
    List<Operation> operations = new ArrayList<>();
    visit(layer, input, operations);
    return operations;
  }

  /** {@return whether the engine keeps its output for the backward pass} */
  public boolean needsOutputBackward() {
    return List.of("relu", "sigmoid", FUNCTION).contains(kind);
  }

  /** {@return whether the engine keeps its input for the backward pass} */
  public boolean needsInputBackward() {
    return kind.contains("conv")
        || List.of("BatchNorm", "dense", "max pool", "relu6").contains(kind);
  }

  /** Adds the operations of a block and returns the shape of its output. */
  private static Shape visit(Block block, Shape input, List<Operation> operations) {
    if (block instanceof SequentialBlock) {
      Shape current = input;
      for (Block child : block.getChildren().values()) {
        current = visit(child, current, operations);
      }
      return current;
    }
    if (block instanceof MergeBlock || block instanceof ParallelBlock) {
      block.getChildren().values().forEach(branch -> visit(branch, input, operations));
    }
    Shape output = block.getOutputShapes(new Shape[] {input})[0];
    if (!(block instanceof LambdaBlock lambda && lambda.getName().equals(Layers.IDENTITY))) {
      List<Parameter> all = block.getDirectParameters().values();
      List<Parameter> trainable = all.stream().filter(Parameter::requiresGradient).toList();
      operations.add(
          new Operation(kind(block), output, count(all), count(trainable), flops(block, output)));
    }
    return output;
  }

  private static long count(List<Parameter> parameters) {
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
        case LambdaBlock.DEFAULT_NAME -> FUNCTION;
        default -> lambda.getName();
      };
    }
    return switch (block.getClass().getSimpleName()) {
      case "Linear" -> "dense";
      case "Dropout" -> "dropout";
      case "ParallelBlock" -> "sum"; // DJL's residual unit
      default -> block.getClass().getSimpleName();
    };
  }
}
