package dev.cxr.train.loop;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Ctrl-C and SIGTERM, as a wish to stop. */
public class StopSignal {

  /** Less than the re-launching process waits before it kills. */
  private static final int MAX_SAVE_SECONDS = 25;

  private volatile boolean requested;

  /** Thrown where work can stop. */
  public static final class StopRequestedException extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /** Keeps a process that is told to end until this is closed. */
  public final class ShutdownGuard implements AutoCloseable {

    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread hook = new Thread(this::stopAndWait, "save-before-leaving");

    private ShutdownGuard() {
      Runtime.getRuntime().addShutdownHook(hook);
    }

    private void stopAndWait() {
      request();
      try {
        if (!closed.await(MAX_SAVE_SECONDS, TimeUnit.SECONDS)) {
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
  public ShutdownGuard guardShutdown() {
    return new ShutdownGuard();
  }

  /** Asks the work to stop. */
  public void request() {
    requested = true;
  }

  /** Whether the work was asked to stop. */
  public boolean isRequested() {
    return requested;
  }

  /** To be called where the work can stop. */
  public void throwIfRequested() {
    if (requested) {
      throw new StopRequestedException();
    }
  }
}
