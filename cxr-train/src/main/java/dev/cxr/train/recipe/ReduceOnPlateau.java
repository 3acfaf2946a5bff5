package dev.cxr.train.recipe;

import static dev.cxr.train.recipe.RecipeChecks.require;

/**
 * Lowers the learning rate when a metric no longer improves, as Keras' ReduceLROnPlateau does.
 *
 * <p>A metric improves if it is better than the best so far by more than {@code minDelta}. After
 * {@code patience} epochs without improvement the rate is multiplied by {@code factor}, and the
 * next {@code cooldown} - 1 epochs are not counted. (Keras decrements the cooldown before it checks
 * it, so that 1 has the effect of 0.) Unlike in Keras 3.15, NaN is never the best.
 *
 * @param factor of the rate, between 0 and 1
 * @param patience epochs without improvement before it is lowered, at least 1
 * @param minLearningRate lower bound of the rate; 0 by default, as in Keras
 * @param monitor the metric; validation-loss by default
 * @param minDelta minimum improvement; 1e-4 by default, as in Keras
 * @param cooldown epochs after a lowering that are not counted; 0 by default, as in Keras
 * @see <a href="https://keras.io/api/callbacks/reduce_lr_on_plateau/">Keras: ReduceLROnPlateau</a>
 */
public record ReduceOnPlateau(
    double factor,
    int patience,
    @Default("0.0") double minLearningRate,
    @Default("validation-loss") Monitor monitor,
    @Default("1.0e-4") double minDelta,
    @Default("0") int cooldown) {

  /**
   * Checks the ranges.
   *
   * @param factor of the rate, between 0 and 1
   * @param patience epochs without improvement before it is lowered, at least 1
   * @param minLearningRate lower bound of the rate; 0 by default, as in Keras
   * @param monitor the metric; validation-loss by default
   * @param minDelta minimum improvement; 1e-4 by default, as in Keras
   * @param cooldown epochs after a lowering that are not counted; 0 by default, as in Keras
   */
  public ReduceOnPlateau {
    require(factor > 0 && factor < 1, "factor", "between 0 and 1", factor);
    require(patience >= 1, "patience", "at least 1", patience);
    require(minLearningRate >= 0, "min-learning-rate", "0 or more", minLearningRate);
    require(minDelta >= 0, "min-delta", "0 or more", minDelta);
    require(cooldown >= 0, "cooldown", "0 or more", cooldown);
  }

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
    return new State(rate, monitor.direction().worst(), 0, 0);
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
    if (monitor.direction().isBetter(value, before.best(), minDelta)) {
      return new State(before.rate(), value, 0, cooling);
    }
    if (cooling > 0) {
      return new State(before.rate(), before.best(), 0, cooling);
    }
    int waited = (before.cooling() > 0 ? 0 : before.waited()) + 1;
    if (waited >= patience && before.rate() > minLearningRate) {
      return new State(
          Math.max(before.rate() * factor, minLearningRate), before.best(), 0, cooldown);
    }
    return new State(before.rate(), before.best(), waited, 0);
  }
}
