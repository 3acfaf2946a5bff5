package dev.cxr.common.runtime;

import java.util.concurrent.TimeUnit;

/** Terminates processes that this process has started. */
public final class ChildProcess {

  private static final int TERMINATION_TIMEOUT_SECONDS = 30;

  private ChildProcess() {}

  /**
   * Sends SIGTERM, and SIGKILL after {@value #TERMINATION_TIMEOUT_SECONDS} s.
   *
   * @param child the process
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
