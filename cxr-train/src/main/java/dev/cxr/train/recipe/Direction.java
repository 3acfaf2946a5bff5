package dev.cxr.train.recipe;

/** Whether a metric improves downwards or upwards. */
public enum Direction {
  /** Lower is better, as for a loss. */
  MIN(1),
  /** Higher is better, as for an AUROC. */
  MAX(-1);

  private final int sign;

  Direction(int sign) {
    this.sign = sign;
  }

  /** Whether a value improves on the best by more than {@code minDelta}; NaN never does. */
  boolean isBetter(double value, double best, double minDelta) {
    return sign * value + minDelta < sign * best;
  }

  /** A value that every metric improves on; finite, so that JSON can hold it. */
  double worst() {
    return sign * Double.MAX_VALUE;
  }
}
