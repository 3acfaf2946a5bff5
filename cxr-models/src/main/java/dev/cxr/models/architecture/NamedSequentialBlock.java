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
 * Sequential layers, each under its name in published weights.
 *
 * <p>The names on the path from a network to a parameter, joined by dots, are the parameter's
 * published name. A layer with an empty name is not part of it.
 */
class NamedSequentialBlock extends SequentialBlock {

  /** Numbers all layers from 0, as PyTorch's nn.Sequential does. */
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

  /** Adds a layer that is not part of published names. */
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
   * Runs a range of layers. Outputs and intermediate arrays are freed as soon as the next layer has
   * run, not at the end of the batch: without gradients a network needs the memory of its largest
   * layer only. (With gradients, PyTorch keeps what it needs for them.)
   *
   * @param to the index after the last layer to run
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

  /** {@return whether a layer runs in training mode when the network does} */
  boolean isTrainable(int layer) {
    return true;
  }
}
