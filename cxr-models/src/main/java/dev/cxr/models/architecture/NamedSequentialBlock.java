package dev.cxr.models.architecture;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Layers one after the other, each under the name that published weights give it.
 *
 * <p>The names from a network down to a parameter, joined by dots, are the parameter's published
 * name. A layer with an empty name adds nothing to it: it is one the weights do not know of.
 */
class NamedSequentialBlock extends SequentialBlock {

  /** Numbers the layers from 0, parameters or not, as PyTorch's nn.Sequential does. */
  static NamedSequentialBlock ofNumberedLayers(List<Block> layers) {
    NamedSequentialBlock sequence = new NamedSequentialBlock();
    for (int i = 0; i < layers.size(); i++) {
      sequence.add(String.valueOf(i), layers.get(i));
    }
    return sequence;
  }

  final NamedSequentialBlock add(String name, Block layer) {
    children.add(name, layer);
    return this;
  }

  /** Adds a layer that the published names pass over. */
  @Override
  public final NamedSequentialBlock add(Block layer) {
    return add("", layer);
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameters,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> arguments) {
    return forwardRange(parameters, inputs, training, 0, children.size());
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameters,
      NDList inputs,
      NDList labels,
      @Nullable PairList<String, Object> arguments) {
    return forwardInternal(parameters, inputs, true, arguments);
  }

  /**
   * Runs some of the layers. What a layer hands to the next is freed at once, and what it needed on
   * the way too, not at the end of the batch: without gradients a network then needs the memory of
   * its widest layer, not of all. (Where there are gradients, PyTorch itself holds what it will
   * need for them.)
   *
   * @param to the index behind the last layer to run
   */
  final NDList forwardRange(
      ParameterStore parameters, NDList inputs, boolean training, int from, int to) {
    NDList current = inputs;
    for (int i = from; i < to; i++) {
      NDList next =
          forwardLayer(children.valueAt(i), parameters, current, training && isTrainable(i));
      NDArray used = current.singletonOrThrow();
      if (used != inputs.singletonOrThrow() && used != next.singletonOrThrow()) {
        used.close();
      }
      current = next;
    }
    return current;
  }

  private static NDList forwardLayer(
      Block layer, ParameterStore parameters, NDList inputs, boolean training) {
    try (NDManager scope = inputs.getManager().newSubManager()) {
      scope.tempAttachAll(inputs);
      return scope.ret(layer.forward(parameters, inputs, training));
    }
  }

  /** Whether a layer runs in training mode when the network does. */
  boolean isTrainable(int layer) {
    return true;
  }
}
