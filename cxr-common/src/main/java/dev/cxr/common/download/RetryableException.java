package dev.cxr.common.download;

import java.io.IOException;
import java.time.Duration;

/**
 * A try that ended early for a reason that may pass; its message says why, as a sentence without
 * its full stop.
 */
final class RetryableException extends IOException {

  private final String reason;
  private final transient Duration retryAfter;

  RetryableException(String reason) {
    this(reason, Duration.ZERO);
  }

  /**
   * With a wait that the server asked for.
   *
   * @param retryAfter how long to wait at least
   */
  RetryableException(String reason, Duration retryAfter) {
    super(reason);
    this.reason = reason;
    this.retryAfter = retryAfter;
  }

  String reason() {
    return reason;
  }

  Duration retryAfter() {
    return retryAfter;
  }
}
