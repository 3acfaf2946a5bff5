package dev.cxr.models.bundle;

import ai.djl.ndarray.NDArray;
import dev.cxr.data.catalogue.Task;

/** From a network's logits to the probabilities of the task's classes. */
public final class Outputs {

  private Outputs() {}

  /** How many logits the network of a task has. */
  public static int logits(Task task) {
    return switch (task) {
      case BINARY -> 1;
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
      case BINARY -> {
        double positive = 1 / (1 + Math.exp(-logits[0] / temperature));
        yield new double[] {1 - positive, positive};
      }
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
      case BINARY -> {
        NDArray positive = logits.get(":, 0");
        yield index == 1 ? positive : positive.neg();
      }
    };
  }
}
