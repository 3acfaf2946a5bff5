package dev.cxr.train.schedule;

/**
 * The learning rate of every step: constant, or a linear warm-up and then half a cosine to zero
 * (Loshchilov and Hutter 2017, equation 5, without restarts).
 *
 * <p>Step s of the warm-up has (s + 1) / {@code warmUpSteps} of the peak; the cosine begins at the
 * peak and would be zero at step {@code totalSteps}, which is one beyond the last. No step has a
 * rate of zero; in Keras' CosineDecay the first of a warm-up has.
 *
 * @param peak the highest rate, above 0
 * @param warmUpSteps 0 for none
 * @param totalSteps of the whole run, more than {@code warmUpSteps}; {@link #UNBOUNDED} for a rate
 *     that stays at the peak
 */
public record LearningRateTracker(double peak, long warmUpSteps, long totalSteps) {

  /** Steps of a run whose rate does not fall towards an end. */
  public static final long UNBOUNDED = Long.MAX_VALUE;

  /** Refuses what cannot be. */
  public LearningRateTracker {
    if (!(peak > 0) || warmUpSteps < 0 || totalSteps <= warmUpSteps) {
      throw new IllegalArgumentException(
          "peak %s above 0, 0 or more warm-up steps (%d), fewer than all steps (%d)"
              .formatted(peak, warmUpSteps, totalSteps));
    }
  }

  /** The same rate at every step. */
  public LearningRateTracker(double constant) {
    this(constant, 0, UNBOUNDED);
  }

  /** The rate of a step, the first being 0; from {@code totalSteps} on it is zero. */
  public double at(long step) {
    if (step < warmUpSteps) {
      return peak * (step + 1) / warmUpSteps;
    }
    if (totalSteps == UNBOUNDED) {
      return peak;
    }
    double progress = Math.min((double) (step - warmUpSteps) / (totalSteps - warmUpSteps), 1);
    return peak * (1 + Math.cos(Math.PI * progress)) / 2;
  }
}
