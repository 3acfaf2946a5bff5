package dev.cxr.serve.inference;

/** As many pictures are within as the model's {@link BatchSettings} lets in. */
public final class QueueFullException extends Exception {

  private static final long serialVersionUID = 1L;

  QueueFullException() {
    super("the queue is full", null, false, false); // thrown by the thousand: without a trace
  }
}
