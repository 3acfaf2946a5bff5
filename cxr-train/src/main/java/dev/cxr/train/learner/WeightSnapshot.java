package dev.cxr.train.learner;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.nn.Parameter;
import ai.djl.nn.ParameterList;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** All that a network computes with, kept aside: its weights and BatchNorm's running statistics. */
final class WeightSnapshot implements AutoCloseable {

  private final NDManager manager;
  private final List<Parameter> parameters;
  private final List<NDArray> arrays = new ArrayList<>();

  private WeightSnapshot(NDManager parent, ParameterList parameters) {
    this.manager = parent.newSubManager();
    this.parameters = parameters.values();
  }

  /** Those that the network has now. */
  static WeightSnapshot copyOf(ParameterList parameters, NDManager parent) {
    WeightSnapshot weights = new WeightSnapshot(parent, parameters);
    for (Parameter parameter : weights.parameters) {
      weights.add(parameter.getArray().duplicate());
    }
    return weights;
  }

  private void add(NDArray array) {
    arrays.add(ownedBy(array, manager));
  }

  /** An array that lives as long as its manager, whatever scope of the caller's is open. */
  static NDArray ownedBy(NDArray array, NDManager manager) {
    NDScope.unregister(array);
    array.attach(manager);
    return array;
  }

  /** Gives the network a copy of these. */
  void copyToNetwork() {
    for (int i = 0; i < arrays.size(); i++) {
      replaceMemory(parameters.get(i), arrays.get(i).duplicate());
    }
  }

  /** Takes what the network has now in place of these. */
  void copyFromNetwork() {
    for (int i = 0; i < arrays.size(); i++) {
      overwrite(arrays.get(i), parameters.get(i).getArray());
    }
  }

  /** Gives the network these, and keeps what it had. */
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
   * Where it stands: arrays that moved at every epoch would settle in the room that the next batch
   * needs in one piece, and the process would grow. By arithmetic, for copyTo() and set() make
   * PyTorch warn on the terminal; all weights of a run are finite.
   */
  private static void overwrite(NDArray array, NDArray values) {
    array.subi(array).addi(values);
  }

  /** By handing over the memory. */
  private static void replaceMemory(Parameter parameter, NDArray values) {
    parameter.getArray().intern(values);
    parameter.getArray().setRequiresGradient(parameter.requiresGradient());
  }

  /** Goes from these towards the network's by {@code share} of the way, from 0 to 1. */
  void interpolateTowardsNetwork(double fraction) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      for (int i = 0; i < arrays.size(); i++) {
        arrays.get(i).addi(parameters.get(i).getArray().sub(arrays.get(i)).muli(fraction));
      }
    }
  }

  void writeTo(DataOutputStream out) throws IOException {
    for (NDArray array : arrays) {
      CheckpointFile.writeArray(out, array);
    }
  }

  /** Reads as many numbers as the network has. */
  static WeightSnapshot readFrom(DataInputStream in, ParameterList parameters, NDManager parent)
      throws IOException {
    WeightSnapshot weights = new WeightSnapshot(parent, parameters);
    for (Parameter parameter : weights.parameters) {
      weights.add(CheckpointFile.readArray(in, weights.manager, parameter.getArray().getShape()));
    }
    return weights;
  }

  @Override
  public void close() {
    manager.close();
  }
}
