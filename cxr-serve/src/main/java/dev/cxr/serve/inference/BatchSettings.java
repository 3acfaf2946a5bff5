package dev.cxr.serve.inference;

import dev.cxr.common.cli.UsageErrorException;
import dev.cxr.common.cli.UserErrorException;
import java.time.Duration;

/**
 * Dynamic batching; the names are those of DJL Serving's settings.
 *
 * @param batchSize maximum number of images per batch, 1 to 256
 * @param maxBatchDelay how long a batch waits at most for images that are being decoded, 0 to 10 s;
 *     a single request never waits
 * @param jobQueueSize how many images may wait behind the current batch, 1 to 10,000; more are
 *     rejected, so that accepted requests complete soon
 */
public record BatchSettings(int batchSize, Duration maxBatchDelay, int jobQueueSize) {

  /** Batches of 8, a delay of 5 ms and a queue of 12, which clears in a fraction of a second. */
  public static final BatchSettings DEFAULT = new BatchSettings(8, Duration.ofMillis(5), 12);

  /**
   * Checks the ranges.
   *
   * @param batchSize 1 to 256
   * @param maxBatchDelay 0 to 10 s
   * @param jobQueueSize 1 to 10,000
   * @throws UserErrorException if a value is out of its range
   */
  public BatchSettings {
    requireRange("--batch-size", batchSize, 1, 256);
    requireRange("--max-batch-delay", maxBatchDelay.toMillis(), 0, 10_000);
    requireRange("--job-queue-size", jobQueueSize, 1, 10_000);
  }

  private static void requireRange(String option, long found, long min, long max) {
    if (found < min || found > max) {
      throw UsageErrorException.of(
          "%d to %d for %s".formatted(min, max, option),
          String.valueOf(found),
          "Give a value in that range.");
    }
  }

  /** The maximum number of requests in the model: a batch and the queue behind it. */
  int capacity() {
    return batchSize + jobQueueSize;
  }
}
