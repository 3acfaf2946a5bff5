package dev.cxr.train;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Ctrl-C and SIGTERM, as a wish to stop. */
class StopSignal {

  /** Less than the re-launching process waits before it kills. */
  private static final int SECONDS_TO_SAVE = 25;

  private volatile boolean given;

  /** Thrown where work can stop. */
  static final class Given extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /** Keeps a process that is told to end until this is closed. */
  final class Hold implements AutoCloseable {

    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread hook = new Thread(this::stopAndWait, "save-before-leaving");

    private Hold() {
      Runtime.getRuntime().addShutdownHook(hook);
    }

    private void stopAndWait() {
      give();
      try {
        if (!closed.await(SECONDS_TO_SAVE, TimeUnit.SECONDS)) {
          System.err.println("cxr: leaving without a last checkpoint, which took too long");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void close() {
      closed.countDown();
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // The process is on its way out, and the hook no longer holds it.
        return;
      }
    }
  }

  /** To be held while there is something to save, and work that checks. */
  Hold hold() {
    return new Hold();
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
}
