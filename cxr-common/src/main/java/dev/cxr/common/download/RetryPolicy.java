package dev.cxr.common.download;

import java.time.Duration;

/**
 * How long a download waits, and how often it tries again.
 *
 * @param idleTimeout how long a server may say nothing
 * @param maxAttempts how many in a row may bring not one byte more
 * @param initialDelay before the second try; each further pause is twice as long
 * @param maxDelay that any pause may last, also one that a server asks for
 */
record RetryPolicy(
    Duration idleTimeout, int maxAttempts, Duration initialDelay, Duration maxDelay) {

  static final RetryPolicy DEFAULT =
      new RetryPolicy(Duration.ofSeconds(60), 5, Duration.ofSeconds(1), Duration.ofMinutes(2));

  /** Before the next try, after so many without one byte more. */
  Duration delayAfter(int failedAttempts) {
    Duration delay = initialDelay.multipliedBy(1L << Math.min(Math.max(failedAttempts - 1, 0), 20));
    return delay.compareTo(maxDelay) < 0 ? delay : maxDelay;
  }
}
