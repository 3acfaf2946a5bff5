package dev.cxr.train.schedule;

/**
 * Lowers the learning rate when a metric no longer improves, as Keras' ReduceLROnPlateau does.
 *
 * <p>A metric improves if it is better than the best so far by more than {@code minDelta}. After
 * {@code patience} epochs without improvement the rate is multiplied by {@code factor}, and the
 * next {@code cooldown} - 1 epochs are not counted. (Keras decrements the cooldown before it checks
 * it, so that 1 has the effect of 0.) Unlike in Keras 3.15, NaN is never the best.
 *
 * @param direction in which the metric improves
 * @param factor of the rate, between 0 and 1; 0.1 in Keras by default
 * @param patience epochs without improvement, 0 or more; 10 in Keras by default; 0 has the effect
 *     of 1
 * @param minDelta minimum improvement, 0 or more; 1e-4 in Keras by default
 * @param cooldown 0 or more; 0 in Keras by default
 * @param minRate lower bound of the rate, 0 or more; 0 in Keras by default
 * @see <a href="https://keras.io/api/callbacks/reduce_lr_on_plateau/">Keras: ReduceLROnPlateau</a>
 */
public record ReduceOnPlateau(
    Direction direction,
    double factor,
    int patience,
    double minDelta,
    int cooldown,
    double minRate) {

  /**
   * The state after an epoch; every number is finite, so that JSON can hold it.
   *
   * @param rate the learning rate of the next steps
   * @param best the best metric so far
   * @param waited epochs since then without improvement
   * @param cooling remaining epochs of the cooldown
   */
  public record State(double rate, double best, int waited, int cooling) {}

  /**
   * The state before the first epoch.
   *
   * @param rate at the start
   * @return the first state
   */
  public State start(double rate) {
    return new State(rate, direction.worst(), 0, 0);
  }

  /**
   * The state after one more epoch.
   *
   * @param before the state before it
   * @param value the metric of the epoch
   * @return the next state
   */
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
