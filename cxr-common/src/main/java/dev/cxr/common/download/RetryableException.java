package dev.cxr.common.download;

import java.io.IOException;
import java.time.Duration;

/** A transient failure of an attempt; its message is a sentence without the full stop. */
final class RetryableException extends IOException {

  private final transient Duration retryAfter;

  /** A failure with the minimum delay that the server requests, or zero. */
  RetryableException(String reason, Duration retryAfter) {
    super(reason);
    this.retryAfter = retryAfter;
  }

  Duration retryAfter() {
    return retryAfter;
  }
}
