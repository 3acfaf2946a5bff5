package dev.cxr.serve.http;

import java.time.Duration;
import java.util.function.Consumer;

/** Logs messages of one kind at most once in ten seconds, with the number of those left out. */
final class RepeatedMessage {

  private static final long INTERVAL_NANOS = Duration.ofSeconds(10).toNanos();

  private final Consumer<String> log;
  private long lastNanos = System.nanoTime() - INTERVAL_NANOS;
  private long leftOut;

  RepeatedMessage(Consumer<String> log) {
    this.log = log;
  }

  /** Logs a message, or counts it if another was logged recently. */
  synchronized void log(String message) {
    long now = System.nanoTime();
    if (now - lastNanos < INTERVAL_NANOS) {
      leftOut++;
      return;
    }
    log.accept(leftOut == 0 ? message : message + " (and " + leftOut + " more times before)");
    lastNanos = now;
    leftOut = 0;
  }
}
