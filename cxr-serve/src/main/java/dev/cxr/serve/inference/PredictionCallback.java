package dev.cxr.serve.inference;

/**
 * Who asked about a picture: told once, on a thread that others wait for, so that it hands on and
 * returns.
 */
public interface PredictionCallback {

  /** What the model says. */
  void onResult(PredictionResult result);

  /**
   * It says nothing.
   *
   * @param reason {@link QueueFullException}; {@link dev.cxr.data.image.InvalidImageException} if
   *     it is no picture; anything else is unexpected
   */
  void onFailure(Throwable reason);
}
