package dev.cxr.models.architecture;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Branches with the same input (N, C, H, W), whose outputs are summed or concatenated. */
final class MergeBlock extends AbstractBlock {

  private enum Join {
    SUM,
    CONCATENATION
  }

  private final Join join;

  private MergeBlock(Join join, Block... branches) {
    this.join = join;
    for (Block branch : branches) {
      children.add("", branch);
    }
  }

  /** The sum of two branches of the same shape: the residual unit of He et al. 2015. */
  static MergeBlock sum(Block main, Block shortcut) {
    return new MergeBlock(Join.SUM, main, shortcut);
  }

  /** The channels of all branches, in their order. */
  static MergeBlock concatenation(Block... branches) {
    return new MergeBlock(Join.CONCATENATION, branches);
  }

  /** {@return how the outputs are joined: sum or concatenation} */
  String join() {
    return join.name().toLowerCase(Locale.ROOT);
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameters,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> arguments) {
    NDList outputs = new NDList(children.size());
    for (Block branch : children.values()) {
      outputs.addAll(branch.forward(parameters, inputs, training));
    }
    NDArray joined =
        switch (join) {
          case SUM -> outputs.get(0).add(outputs.get(1));
          case CONCATENATION -> NDArrays.concat(outputs, 1);
        };
    for (NDArray output : outputs) {
      if (output != inputs.singletonOrThrow()) {
        output.close();
      }
    }
    return new NDList(joined);
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... inputs) {
    for (Block branch : children.values()) {
      branch.initialize(manager, type, inputs);
    }
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    Shape first = children.valueAt(0).getOutputShapes(inputs)[0];
    if (join == Join.SUM) {
      return new Shape[] {first};
    }
    long channels =
        children.values().stream().mapToLong(b -> b.getOutputShapes(inputs)[0].get(1)).sum();
    return new Shape[] {new Shape(first.get(0), channels, first.get(2), first.get(3))};
  }
}
