package dev.cxr.train.loop;

import java.util.concurrent.CancellationException;

/**
 * A request to stop training, from any thread; an interrupt of the training thread is one too.
 *
 * <p>Training checks it before every batch, saves a checkpoint and throws {@link
 * StopRequestedException}.
 */
public class StopSignal {

  private volatile boolean requested;
  private volatile boolean interrupted;

  /** Thrown where training stops because it was requested to. */
  public static final class StopRequestedException extends CancellationException {

    private static final long serialVersionUID = 1;

    /** Training was stopped. */
    public StopRequestedException() {
      super("training was stopped on request");
    }
  }

  /** Requests the stop. */
  public final void request() {
    requested = true;
  }

  /** {@return whether a stop was requested} */
  public final boolean isRequested() {
    return requested;
  }

  /**
   * Called before every batch.
   *
   * @throws StopRequestedException if a stop was requested
   */
  public void throwIfRequested() {
    if (Thread.interrupted()) { // an interrupted thread could not write its last checkpoint
      interrupted = true;
      requested = true;
    }
    if (requested) {
      throw new StopRequestedException();
    }
  }

  /** Sets the interrupt flag of this thread again if an interrupt was the request. */
  public final void restoreInterrupt() {
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
