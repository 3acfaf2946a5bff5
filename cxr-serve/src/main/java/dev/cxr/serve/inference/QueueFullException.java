package dev.cxr.serve.inference;

/** The model has as many requests as its {@link BatchSettings} allow. */
public final class QueueFullException extends Exception {

  private static final long serialVersionUID = 1L;

  QueueFullException() {
    super("the queue is full", null, false, false); // frequent under overload: no stack trace
  }
}
