package dev.cxr.common.download;

import java.time.Duration;
import java.util.Collections;
import java.util.List;

/**
 * The timeouts and retries of a download.
 *
 * @param idleTimeout how long a server may send nothing
 * @param maxAttempts the number of attempts in a row without progress
 * @param initialDelay the delay before the first retry, doubled for each further one
 * @param maxDelay the maximum delay, also if the server requests a longer one
 */
record RetryPolicy(
    Duration idleTimeout, int maxAttempts, Duration initialDelay, Duration maxDelay) {

  static final RetryPolicy DEFAULT =
      new RetryPolicy(Duration.ofSeconds(60), 5, Duration.ofSeconds(1), Duration.ofMinutes(2));

  /** The delay, at least the one that the server requests. */
  Duration delayAfter(int failedAttempts, Duration requested) {
    Duration delay = initialDelay.multipliedBy(1L << Math.min(Math.max(failedAttempts - 1, 0), 20));
    return Collections.min(List.of(maxDelay, Collections.max(List.of(delay, requested))));
  }
}
