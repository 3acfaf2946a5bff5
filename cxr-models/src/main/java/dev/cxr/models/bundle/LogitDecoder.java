package dev.cxr.models.bundle;

import dev.cxr.data.index.Task;

/** From a network's logits to the probabilities of the task's classes. */
public final class LogitDecoder {

  private LogitDecoder() {}

  /** How many logits the network of a task has. */
  public static int logitCount(Task task) {
    return switch (task) {
      case BINARY, SUBTYPE, ANOMALY -> 1;
      case THREE_CLASS -> 3;
    };
  }

  /**
   * The probabilities of one picture, in the order of {@link Task#classes()}.
   *
   * @param logits of that picture, as many as {@link #logitCount}
   * @param temperature above 1 makes the model less sure, 1 leaves it (Guo et al. 2017)
   */
  public static double[] probabilities(Task task, float[] logits, double temperature) {
    return switch (task) {
      case BINARY, SUBTYPE, ANOMALY -> {
        double positive = 1 / (1 + Math.exp(-logits[0] / temperature));
        yield new double[] {1 - positive, positive};
      }
      case THREE_CLASS -> softmax(logits, temperature);
    };
  }

  private static double[] softmax(float[] logits, double temperature) {
    double[] exponentials = new double[logits.length];
    double max = Math.max(logits[0], Math.max(logits[1], logits[2]));
    double sum = 0;
    for (int i = 0; i < exponentials.length; i++) {
      exponentials[i] = Math.exp((logits[i] - max) / temperature);
      sum += exponentials[i];
    }
    for (int i = 0; i < exponentials.length; i++) {
      exponentials[i] /= sum;
    }
    return exponentials;
  }
}
