package dev.cxr.train.learning;

/**
 * Counts the epochs for which a loss has not become better, as Keras' callbacks do.
 *
 * <p>A loss is better if it is below the best one so far by more than {@code minDelta}. Out of
 * patience means that as many epochs as {@code patience} in a row were not.
 */
public final class Patience {

  private final int patience;
  private final double minDelta;
  private double best = Double.POSITIVE_INFINITY;
  private int waited;

  /**
   * Patience that has not waited yet.
   *
   * @param patience epochs, at least 1
   * @param minDelta 0 or more
   */
  public Patience(int patience, double minDelta) {
    this.patience = patience;
    this.minDelta = minDelta;
  }

  /** Takes in the loss of one more epoch; whether it is the best so far. */
  public boolean isBetter(double loss) {
    if (loss < best - minDelta) {
      best = loss;
      waited = 0;
      return true;
    }
    waited++;
    return false;
  }

  /** Whether it has waited as long as it would. */
  public boolean isOut() {
    return waited >= patience;
  }

  /** Waits anew, for something better than the best so far. */
  public void renew() {
    waited = 0;
  }
}
