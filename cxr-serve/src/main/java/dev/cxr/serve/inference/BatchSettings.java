package dev.cxr.serve.inference;

import dev.cxr.common.cli.UserErrorException;
import java.time.Duration;

/**
 * How requests are gathered into batches; the names are those of DJL Serving's settings.
 *
 * @param batchSize the most pictures that are predicted at once, 1 to 256
 * @param maxBatchDelay the longest that a batch waits for pictures that are being decoded; one that
 *     is alone never waits
 * @param jobQueueSize how many pictures may wait behind the batch that is being predicted, 1 to
 *     10,000; more are refused, so that those accepted are answered soon
 */
public record BatchSettings(int batchSize, Duration maxBatchDelay, int jobQueueSize) {

  /** Small enough that the last in the queue waits a fraction of a second. */
  public static final BatchSettings DEFAULT = new BatchSettings(8, Duration.ofMillis(5), 12);

  /**
   * Checks the ranges.
   *
   * @throws UserErrorException if a value is out of them
   */
  public BatchSettings {
    require(batchSize >= 1 && batchSize <= 256, "--batch-size", "1 to 256", batchSize);
    require(
        !maxBatchDelay.isNegative() && maxBatchDelay.toMillis() <= 10_000,
        "--max-batch-delay",
        "0 to 10000 milliseconds",
        maxBatchDelay.toMillis());
    require(
        jobQueueSize >= 1 && jobQueueSize <= 10_000,
        "--job-queue-size",
        "1 to 10000",
        jobQueueSize);
  }

  private static void require(boolean isValid, String option, String range, long found) {
    if (!isValid) {
      throw UserErrorException.ofUsage(
          range + " for " + option, String.valueOf(found), "Choose one of those.");
    }
  }

  /** How many pictures are within at most: the batch and those behind it. */
  int capacity() {
    return batchSize + jobQueueSize;
  }
}
