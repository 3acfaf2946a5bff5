package dev.cxr.common.runtime;

import java.util.concurrent.TimeUnit;

/** A process that this one has started and takes with it. */
public final class ChildProcess {

  private static final int TERMINATION_TIMEOUT_SECONDS = 30;

  private ChildProcess() {}

  /**
   * Tells it to leave, as by SIGTERM; kills it if it has not after {@value
   * #TERMINATION_TIMEOUT_SECONDS} s.
   */
  public static void terminate(Process child) {
    child.destroy();
    try {
      if (!child.waitFor(TERMINATION_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        child.destroyForcibly();
      }
    } catch (InterruptedException e) {
      child.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
