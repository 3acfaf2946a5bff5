package dev.cxr.common.download;

import java.io.IOException;
import java.time.Duration;

/** A transient failure of an attempt; its reason is a sentence without the full stop. */
final class RetryableException extends IOException {

  private final String reason;
  private final transient Duration retryAfter;

  RetryableException(String reason) {
    this(reason, Duration.ZERO);
  }

  /** A failure with the minimum delay that the server requests. */
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
