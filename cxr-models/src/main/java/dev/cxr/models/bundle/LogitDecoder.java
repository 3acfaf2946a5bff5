package dev.cxr.models.bundle;

import dev.cxr.data.index.Task;
import java.util.Arrays;

/** From the logits of a network to the probabilities of the task's classes. */
public final class LogitDecoder {

  private LogitDecoder() {}

  /**
   * {@return the number of logits of a task}
   *
   * @param task the task
   */
  public static int logitCount(Task task) {
    return task.isMultiClass() ? task.classes().size() : 1;
  }

  /**
   * Decodes a batch with the task and temperature of a bundle.
   *
   * @param logits a row of {@link #logitCount} for each image
   * @param manifest of the bundle
   * @return for each image the probabilities in the order of {@link Task#classes()}
   */
  public static double[][] probabilities(Manifest manifest, float[][] logits) {
    return Arrays.stream(logits)
        .map(row -> probabilities(manifest.task(), row, manifest.temperature()))
        .toArray(double[][]::new);
  }

  /**
   * Decodes one image.
   *
   * @param logits as many as {@link #logitCount}
   * @param temperature divides the logits (Guo et al. 2017): above 1 probabilities are less extreme
   * @param task the task
   * @return the probabilities in the order of {@link Task#classes()}
   */
  public static double[] probabilities(Task task, float[] logits, double temperature) {
    if (task.isMultiClass()) {
      return softmax(logits, temperature);
    }
    double positive = 1 / (1 + Math.exp(-logits[0] / temperature));
    return new double[] {1 - positive, positive};
  }

  private static double[] softmax(float[] logits, double temperature) {
    double[] exponentials = new double[logits.length];
    double max = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      max = Math.max(max, logit);
    }
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
