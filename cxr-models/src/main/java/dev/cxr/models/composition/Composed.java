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
import dev.cxr.models.architecture.Answering;
import org.jspecify.annotations.Nullable;

/** A block of networks that all see the same pictures; it only infers. */
abstract class Composed extends AbstractBlock implements Answering {

  /** What the networks say together, (N, outputs); what is made on the way is freed. */
  abstract NDArray answer(ParameterStore parameters, NDArray pictures);

  final <B extends Block> B part(String name, B network) {
    return addChildBlock(name, network);
  }

  static NDArray logits(Block network, ParameterStore parameters, NDArray pictures) {
    return network.forward(parameters, new NDList(pictures), false).singletonOrThrow();
  }

  @Override
  protected final NDList forwardInternal(
      ParameterStore parameters,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> arguments) {
    NDArray pictures = inputs.singletonOrThrow();
    try (NDManager scope = pictures.getManager().newSubManager()) {
      scope.tempAttachAll(pictures);
      return scope.ret(new NDList(answer(parameters, pictures)));
    }
  }

  @Override
  protected final void initializeChildBlocks(NDManager manager, DataType type, Shape... inputs) {
    for (Block network : children.values()) {
      network.initialize(manager, type, inputs);
    }
  }
}
