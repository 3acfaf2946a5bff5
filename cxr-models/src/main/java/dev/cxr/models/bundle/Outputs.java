package dev.cxr.models.bundle;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import dev.cxr.data.catalogue.Task;

/** From a network's logits to the probabilities of the task's classes. */
public final class Outputs {

  private Outputs() {}

  /** How many logits the network of a task has. */
  public static int logits(Task task) {
    return switch (task) {
      case BINARY, SUBTYPE -> 1;
      case THREE_CLASS -> 3;
    };
  }

  /**
   * The probabilities of one picture, in the order of {@link Task#classes()}.
   *
   * @param logits of that picture, as many as {@link #logits}
   * @param temperature above 1 makes the model less sure, 1 leaves it (Guo et al. 2017)
   */
  public static double[] probabilities(Task task, float[] logits, double temperature) {
    return switch (task) {
      case BINARY, SUBTYPE -> {
        double positive = 1 / (1 + Math.exp(-logits[0] / temperature));
        yield new double[] {1 - positive, positive};
      }
      case THREE_CLASS -> softmax(logits, temperature);
    };
  }

  /**
   * What speaks for a class, before it becomes a probability.
   *
   * @param logits (N, {@link #logits}) of N pictures
   * @param index of the class in {@link Task#classes()}
   * @return (N), the more the likelier the class
   */
  static NDArray score(Task task, NDArray logits, int index) {
    return switch (task) {
      case BINARY, SUBTYPE -> {
        NDArray positive = logits.get(":, 0");
        yield index == 1 ? positive : positive.neg();
      }
      case THREE_CLASS -> logits.get(":, " + index);
    };
  }

  /**
   * The probabilities of many pictures at a temperature of 1, where they are to stay in the engine.
   *
   * @param logits (N, {@link #logits}) of N pictures
   * @return (N, classes) float32
   */
  static NDArray likelihoods(Task task, NDArray logits) {
    return switch (task) {
      case BINARY, SUBTYPE -> {
        NDArray positive = Activation.sigmoid(logits);
        yield positive.neg().add(1).concat(positive, 1);
      }
      case THREE_CLASS -> logits.softmax(1);
    };
  }

  private static double[] softmax(float[] logits, double temperature) {
    double[] powers = new double[logits.length];
    double highest = Math.max(logits[0], Math.max(logits[1], logits[2]));
    double sum = 0;
    for (int i = 0; i < powers.length; i++) {
      powers[i] = Math.exp((logits[i] - highest) / temperature);
      sum += powers[i];
    }
    for (int i = 0; i < powers.length; i++) {
      powers[i] /= sum;
    }
    return powers;
  }
}
