package dev.cxr.train.loop;

import java.nio.file.Path;

/**
 * Follows a training. Every method is called on the training thread, which waits for it; an
 * exception ends the training.
 *
 * @since 0.1
 */
public interface TrainingListener {

  /** Ignores everything. */
  TrainingListener NONE = new TrainingListener() {};

  /** How a training ended. */
  enum Outcome {
    /** The bundle is written. */
    COMPLETED,
    /** It was stopped on request and can be resumed. */
    STOPPED,
    /** An exception ended it. */
    FAILED
  }

  /**
   * One training batch.
   *
   * @param epoch from 1
   * @param epochs at most
   * @param batch of the epoch, from 1
   * @param batches per epoch
   * @param size images in this batch
   * @param images of the epoch so far
   * @param epochImages images per epoch
   * @param meanLoss over the epoch so far
   * @param learningRate of this step
   */
  record BatchMetrics(
      int epoch,
      int epochs,
      int batch,
      int batches,
      int size,
      int images,
      long epochImages,
      double meanLoss,
      double learningRate) {}

  /**
   * Training begins or continues; from now on it can be resumed.
   *
   * @param runFolder holds checkpoints, history and, at the end, the bundle
   */
  default void onStart(Path runFolder) {}

  /**
   * A notice for people, such as images that were left out.
   *
   * @param message a sentence
   */
  default void onMessage(String message) {}

  /**
   * A training batch is done.
   *
   * @param batch its metrics
   */
  default void onBatch(BatchMetrics batch) {}

  /**
   * A pass over images that does not train has advanced by a batch.
   *
   * @param pass such as {@code Validation}
   * @param done images so far; the pass ends at {@code total}
   * @param total images of the pass
   */
  default void onProgress(String pass, long done, long total) {}

  /**
   * An epoch is done, validated and saved. A resumed run reports its earlier epochs first.
   *
   * @param epoch its metrics
   * @param best whether the monitored metric is the best so far
   */
  default void onEpoch(EpochMetrics epoch, boolean best) {}

  /**
   * Training ended; called once for every {@link #onStart}.
   *
   * @param outcome how it ended
   */
  default void onEnd(Outcome outcome) {}
}
