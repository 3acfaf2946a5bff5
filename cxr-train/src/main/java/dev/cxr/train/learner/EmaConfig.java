package dev.cxr.train.learner;

/**
 * How the exponential moving average of the weights follows them.
 *
 * <p>After each step the average becomes d average + (1 - d) weights, BatchNorm's running
 * statistics being averaged with the rest: they lag the weights as the average does, at no cost,
 * where computing them anew would take a pass over the training pictures. The average starts as a
 * copy of the first weights.
 *
 * @param decay d, from 0 to below 1; 0.995 looks back over about 200 steps
 * @param start how the first steps count
 */
public record EmaConfig(double decay, Start start) {

  /** How the first steps count. */
  public enum Start {
    /** As all others: the first weights fade as slowly as any. */
    AT_ONCE,
    /**
     * More: step t, the first being 0, has the decay (1 + t) / (10 + t) where that is less. For
     * networks that start at random, whose first weights are worth forgetting.
     */
    WARMED_UP
  }

  /** Refuses what cannot be. */
  public EmaConfig {
    if (!(decay >= 0 && decay < 1)) {
      throw new IllegalArgumentException("decay %s: from 0 to below 1".formatted(decay));
    }
  }

  /** The decay of a step, the first being 0. */
  double decayAt(long step) {
    return start == Start.WARMED_UP ? Math.min(decay, (1.0 + step) / (10.0 + step)) : decay;
  }
}
