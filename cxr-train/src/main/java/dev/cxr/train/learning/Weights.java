package dev.cxr.train.learning;

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
final class Weights implements AutoCloseable {

  private final NDManager manager;
  private final List<Parameter> parameters;
  private final List<NDArray> kept = new ArrayList<>();

  private Weights(NDManager parent, ParameterList parameters) {
    this.manager = parent.newSubManager();
    this.parameters = parameters.values();
  }

  /** Those that the network has now. */
  static Weights copyOf(ParameterList parameters, NDManager parent) {
    Weights weights = new Weights(parent, parameters);
    for (Parameter parameter : weights.parameters) {
      weights.keep(parameter.getArray().duplicate());
    }
    return weights;
  }

  private void keep(NDArray array) {
    kept.add(owned(array, manager));
  }

  /** An array that lives as long as its manager, whatever scope of the caller's is open. */
  static NDArray owned(NDArray array, NDManager manager) {
    NDScope.unregister(array);
    array.attach(manager);
    return array;
  }

  /** Gives the network a copy of these. */
  void copyIntoNetwork() {
    for (int i = 0; i < kept.size(); i++) {
      give(parameters.get(i), kept.get(i).duplicate());
    }
  }

  /** Takes what the network has now in place of these. */
  void takeFromNetwork() {
    for (int i = 0; i < kept.size(); i++) {
      overwrite(kept.get(i), parameters.get(i).getArray());
    }
  }

  /** Gives the network these, and keeps what it had. */
  void exchange() {
    for (int i = 0; i < kept.size(); i++) {
      Parameter parameter = parameters.get(i);
      NDArray network = parameter.getArray();
      try (NDArray had = network.duplicate()) {
        network.setRequiresGradient(false);
        overwrite(network, kept.get(i));
        network.setRequiresGradient(parameter.requiresGradient());
        overwrite(kept.get(i), had);
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
  private static void give(Parameter parameter, NDArray values) {
    parameter.getArray().intern(values);
    parameter.getArray().setRequiresGradient(parameter.requiresGradient());
  }

  /** Goes from these towards the network's by {@code share} of the way, from 0 to 1. */
  void moveTowardsNetwork(double share) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      for (int i = 0; i < kept.size(); i++) {
        kept.get(i).addi(parameters.get(i).getArray().sub(kept.get(i)).muli(share));
      }
    }
  }

  void writeTo(DataOutputStream out) throws IOException {
    for (NDArray array : kept) {
      Checkpoint.writeArray(out, array);
    }
  }

  /** Reads as many numbers as the network has. */
  static Weights readFrom(DataInputStream in, ParameterList parameters, NDManager parent)
      throws IOException {
    Weights weights = new Weights(parent, parameters);
    for (Parameter parameter : weights.parameters) {
      weights.keep(Checkpoint.readArray(in, weights.manager, parameter.getArray().getShape()));
    }
    return weights;
  }

  @Override
  public void close() {
    manager.close();
  }
}
