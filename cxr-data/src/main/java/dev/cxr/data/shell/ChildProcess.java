package dev.cxr.data.shell;

import java.util.concurrent.TimeUnit;

/** A process that this one has started and takes with it. */
public final class ChildProcess {

  private static final int SECONDS_TO_LEAVE = 30;

  private ChildProcess() {}

  /**
   * Tells it to leave, as by SIGTERM; kills it if it has not after {@value #SECONDS_TO_LEAVE} s.
   */
  public static void end(Process child) {
    child.destroy();
    try {
      if (!child.waitFor(SECONDS_TO_LEAVE, TimeUnit.SECONDS)) {
        child.destroyForcibly();
      }
    } catch (InterruptedException e) {
      child.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
