package dev.cxr.train.loop;

/**
 * The learning rate of every step: constant, or a linear warm-up and then half a cosine to zero
 * (Loshchilov and Hutter 2017, equation 5, without restarts).
 *
 * <p>Step s of the warm-up has (s + 1) / {@code warmUpSteps} of the peak. The cosine starts at the
 * peak and reaches zero at step {@code totalSteps}, one after the last. No step has a rate of zero;
 * the first warm-up step of Keras' CosineDecay does.
 *
 * @param peak the highest rate, above 0
 * @param warmUpSteps 0 for none
 * @param totalSteps of the run, more than {@code warmUpSteps}; {@link #UNBOUNDED} for a constant
 *     rate after the warm-up
 */
public record LearningRateTracker(double peak, long warmUpSteps, long totalSteps) {

  /** The total of a rate without cosine. */
  public static final long UNBOUNDED = Long.MAX_VALUE;

  /**
   * The rate of a step, from 0; zero from {@code totalSteps} on.
   *
   * @param step from 0
   * @return the learning rate
   */
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
