package dev.cxr.train;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C and SIGTERM, as a wish to stop: the process stays until {@link #close()}, so that what was
 * learned can be saved.
 */
class StopSignal implements AutoCloseable {

  /** Less than the re-launching process waits before it kills. */
  private static final int SECONDS_TO_SAVE = 25;

  private final CountDownLatch saved = new CountDownLatch(1);
  private final Thread hook = new Thread(this::stopAndWait, "save-before-leaving");
  private volatile boolean given;

  StopSignal() {}

  /** Thrown where work can stop; what is caught has saved. */
  static final class Given extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /** Listens until it is closed. */
  static StopSignal listen() {
    StopSignal signal = new StopSignal();
    Runtime.getRuntime().addShutdownHook(signal.hook);
    return signal;
  }

  private void stopAndWait() {
    give();
    try {
      if (!saved.await(SECONDS_TO_SAVE, TimeUnit.SECONDS)) {
        System.err.println("cxr: leaving without a last checkpoint, which took too long");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Asks the work to stop. */
  void give() {
    given = true;
  }

  /** Whether the work was asked to stop. */
  boolean isGiven() {
    return given;
  }

  /** To be called where the work can stop. */
  void check() {
    if (given) {
      throw new Given();
    }
  }

  @Override
  public void close() {
    saved.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is on its way out, and the hook no longer holds it.
      return;
    }
  }
}
