package dev.cxr.train.learner;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import ai.djl.nn.ParameterList;
import dev.cxr.models.torchscript.TorchScript;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A copy of a network's weights and of BatchNorm's running statistics. */
final class WeightSnapshot implements AutoCloseable {

  private static final TorchScript INTERPOLATE =
      new TorchScript(
          "numbers: Tensor, arrays: List[Tensor], weights: List[Tensor]",
          """
          torch._foreach_lerp_(arrays, weights, float(numbers[0]))
          return numbers
          """);

  private final NDManager manager;
  private final List<Parameter> parameters;
  private final List<NDArray> arrays = new ArrayList<>();

  private WeightSnapshot(NDManager parent, ParameterList parameters) {
    this.manager = parent.newSubManager();
    this.parameters = parameters.values();
  }

  /** Copies the current weights. */
  static WeightSnapshot copyOf(ParameterList parameters, NDManager parent) {
    WeightSnapshot weights = new WeightSnapshot(parent, parameters);
    for (Parameter parameter : weights.parameters) {
      weights.add(parameter.getArray().duplicate());
    }
    return weights;
  }

  private void add(NDArray array) {
    arrays.add(ArrayStorage.ownedBy(manager, array));
  }

  /** Gives the network a copy of this snapshot. */
  void copyToNetwork() {
    for (int i = 0; i < arrays.size(); i++) {
      replaceMemory(parameters.get(i), arrays.get(i).duplicate());
    }
  }

  /** Replaces this snapshot by the current weights. */
  void copyFromNetwork() {
    for (int i = 0; i < arrays.size(); i++) {
      overwrite(arrays.get(i), parameters.get(i).getArray());
    }
  }

  /** Swaps this snapshot with the current weights. */
  void swapWithNetwork() {
    for (int i = 0; i < arrays.size(); i++) {
      Parameter parameter = parameters.get(i);
      NDArray network = parameter.getArray();
      try (NDArray previous = network.duplicate()) {
        network.setRequiresGradient(false);
        overwrite(network, arrays.get(i));
        network.setRequiresGradient(parameter.requiresGradient());
        overwrite(arrays.get(i), previous);
      }
    }
  }

  /**
   * Overwrites in place: new arrays in every epoch would fragment the memory that batches need, and
   * the process would grow. Arithmetic is used because copyTo() and set() make PyTorch print a
   * warning; all weights of a run are finite.
   */
  private static void overwrite(NDArray array, NDArray values) {
    array.subi(array).addi(values);
  }

  /** Gives a parameter the memory of an array. */
  private static void replaceMemory(Parameter parameter, NDArray values) {
    parameter.getArray().intern(values);
    parameter.getArray().setRequiresGradient(parameter.requiresGradient());
  }

  /** Moves this snapshot towards the current weights by a fraction from 0 to 1. */
  void interpolateTowardsNetwork(double fraction) {
    NDList weights = new NDList();
    parameters.forEach(parameter -> weights.add(parameter.getArray()));
    INTERPOLATE.run(manager, new double[] {fraction}, new NDList(arrays), weights);
  }

  void writeTo(DataOutputStream out) throws IOException {
    for (NDArray array : arrays) {
      ArrayStorage.write(out, array);
    }
  }

  /** Reads the snapshot of a network with the same parameters. */
  static WeightSnapshot readFrom(DataInputStream in, ParameterList parameters, NDManager parent)
      throws IOException {
    WeightSnapshot weights = new WeightSnapshot(parent, parameters);
    for (Parameter parameter : weights.parameters) {
      weights.add(ArrayStorage.read(in, weights.manager, parameter.getArray().getShape()));
    }
    return weights;
  }

  @Override
  public void close() {
    manager.close();
  }
}
