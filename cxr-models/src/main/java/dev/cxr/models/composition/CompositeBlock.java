package dev.cxr.models.composition;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import dev.cxr.models.architecture.PredictionBlock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A block of networks with the same input, for inference only. */
abstract class CompositeBlock extends AbstractBlock implements PredictionBlock {

  /** {@return the combined logits (N, outputs); intermediate arrays are freed} */
  abstract NDArray computeLogits(ParameterStore parameters, NDArray images);

  final <B extends Block> B addNetwork(String name, B network) {
    return addChildBlock(name, network);
  }

  static NDArray forwardLogits(Block network, ParameterStore parameters, NDArray images) {
    return network.forward(parameters, new NDList(images), false).singletonOrThrow();
  }

  @Override
  protected final NDList forwardInternal(
      ParameterStore parameters,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> arguments) {
    NDArray images = inputs.singletonOrThrow();
    try (NDManager scope = images.getManager().newSubManager()) {
      scope.tempAttachAll(images);
      return scope.ret(new NDList(computeLogits(parameters, images)));
    }
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    return children.valueAt(0).getOutputShapes(inputs);
  }

  /** By default the embedding of the first network. */
  @Override
  public NDArray embed(ParameterStore parameters, NDArray images) {
    return first().embed(parameters, images);
  }

  /** By default the target of the first network. */
  @Override
  public Optional<GradCamTarget> gradCamTarget(int classIndex) {
    return first().gradCamTarget(classIndex);
  }

  private PredictionBlock first() {
    return (PredictionBlock) children.valueAt(0);
  }

  @Override
  protected final void initializeChildBlocks(NDManager manager, DataType type, Shape... inputs) {
    for (Block network : children.values()) {
      network.initialize(manager, type, inputs);
    }
  }
}
