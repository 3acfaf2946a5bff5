package dev.cxr.train.schedule;

/** Which way a figure gets better. */
public enum Direction {
  /** The lower the better, as a loss. */
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

  /** The higher the better, as an AUROC. */
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

  /** Whether it beats the best by more than {@code minDelta}; what is no number beats nothing. */
  abstract boolean isBetter(double value, double best, double minDelta);

  /** What every figure beats. Finite, so that JSON can hold it. */
  abstract double worst();
}
