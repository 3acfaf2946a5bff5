package dev.cxr.train.schedule;

/** Whether a metric improves downwards or upwards. */
public enum Direction {
  /** Lower is better, as for a loss. */
  MIN {
    @Override
    boolean isBetter(double value, double best, double minDelta) {
      return value + minDelta < best;
    }

    @Override
    double worst() {
      return Double.MAX_VALUE;
    }
  },

  /** Higher is better, as for an AUROC. */
  MAX {
    @Override
    boolean isBetter(double value, double best, double minDelta) {
      return value - minDelta > best;
    }

    @Override
    double worst() {
      return -Double.MAX_VALUE;
    }
  };

  /** Whether a value improves on the best by more than {@code minDelta}; NaN never does. */
  abstract boolean isBetter(double value, double best, double minDelta);

  /** A value that every metric improves on; finite, so that JSON can hold it. */
  abstract double worst();
}
