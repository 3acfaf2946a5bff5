package dev.cxr.train.learner;

/**
 * An exponential moving average of the weights.
 *
 * <p>After each step it becomes d average + (1 - d) weights; it starts as a copy of the weights. It
 * includes the running statistics of BatchNorm, which lag as the average does; computing them again
 * would cost a pass over the training images.
 *
 * @param decay d, from 0 to below 1; 0.995 averages over about 200 steps
 * @param start the decay of the first steps
 */
public record EmaConfig(double decay, Start start) {

  /** The decay of the first steps. */
  public enum Start {
    /** The same as later: the initial weights fade slowly. */
    AT_ONCE,
    /**
     * Less: step t, from 0, has the decay (1 + t) / (10 + t) while that is less. For networks with
     * random initial weights.
     */
    WARMED_UP
  }

  /**
   * Checks the range.
   *
   * @param decay d, from 0 to below 1; 0.995 averages over about 200 steps
   * @param start the decay of the first steps
   */
  public EmaConfig {
    if (!(decay >= 0 && decay < 1)) {
      throw new IllegalArgumentException("decay %s: from 0 to below 1".formatted(decay));
    }
  }

  /** The decay of a step, from 0. */
  double decayAt(long step) {
    return start == Start.WARMED_UP ? Math.min(decay, (1.0 + step) / (10.0 + step)) : decay;
  }
}
