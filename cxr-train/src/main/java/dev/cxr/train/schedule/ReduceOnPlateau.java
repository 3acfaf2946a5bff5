package dev.cxr.train.schedule;

/**
 * Lowers the learning rate when a figure no longer gets better, as Keras' ReduceLROnPlateau does.
 *
 * <p>A figure is better if it beats the best one so far by more than {@code minDelta}. After {@code
 * patience} epochs in a row without a better one the rate is multiplied by {@code factor}, and the
 * next {@code cooldown} - 1 epochs are not counted. (Keras counts the cooldown down before it asks
 * whether it is over, so that 1 does what 0 does.) Unlike Keras 3.15, a figure that is no number is
 * never the best, not even when it comes first.
 *
 * @param direction which way the figure gets better
 * @param factor what the rate is multiplied by, between 0 and 1; 0.1 in Keras by default
 * @param patience epochs without a better figure, 0 or more; 10 in Keras by default; 0 does what 1
 *     does
 * @param minDelta by how much a figure must be better, 0 or more; 1e-4 in Keras by default
 * @param cooldown 0 or more; 0 in Keras by default
 * @param minRate below which the rate is not lowered, 0 or more; 0 in Keras by default
 * @see <a href="https://keras.io/api/callbacks/reduce_lr_on_plateau/">Keras: ReduceLROnPlateau</a>
 */
public record ReduceOnPlateau(
    Direction direction,
    double factor,
    int patience,
    double minDelta,
    int cooldown,
    double minRate) {

  /** Refuses what cannot be. */
  public ReduceOnPlateau {
    if (!(factor > 0 && factor < 1)) {
      throw new IllegalArgumentException("factor %s: between 0 and 1".formatted(factor));
    }
    if (patience < 0 || !(minDelta >= 0) || cooldown < 0 || !(minRate >= 0)) {
      throw new IllegalArgumentException(
          "patience %s, minDelta %s, cooldown %s, minRate %s: each 0 or more"
              .formatted(patience, minDelta, cooldown, minRate));
    }
  }

  /**
   * Where the counting stands; every number is finite, so that JSON can hold it.
   *
   * @param rate the learning rate of the steps to come
   * @param best the best figure so far
   * @param waited epochs since without a better one
   * @param cooling epochs until the cooldown is over
   */
  public record State(double rate, double best, int waited, int cooling) {}

  /** Before the first epoch, with the rate to start at. */
  public State start(double rate) {
    return new State(rate, direction.worst(), 0, 0);
  }

  /** Takes in the figure of one more epoch. */
  public State after(State before, double value) {
    int cooling = Math.max(before.cooling() - 1, 0);
    if (direction.isBetter(value, before.best(), minDelta)) {
      return new State(before.rate(), value, 0, cooling);
    }
    if (cooling > 0) {
      return new State(before.rate(), before.best(), 0, cooling);
    }
    int waited = (before.cooling() > 0 ? 0 : before.waited()) + 1;
    if (waited >= patience && before.rate() > minRate) {
      return new State(Math.max(before.rate() * factor, minRate), before.best(), 0, cooldown);
    }
    return new State(before.rate(), before.best(), waited, 0);
  }
}
