package dev.cxr.train.recipe;

import static dev.cxr.train.recipe.RecipeChecks.require;

/**
 * Stops training when a metric no longer improves, as the Keras callback of that name does.
 *
 * <p>A metric improves if it is better than the best so far by more than {@code minDelta}. Training
 * stops after {@code patience} epochs without improvement, but never after the first epoch. Unlike
 * in Keras 3.15, NaN is never the best, not even in the first epoch.
 *
 * @param patience epochs without improvement before it stops, at least 1
 * @param minDelta minimum improvement; 0 by default, as in Keras
 * @param startFromEpoch number of first epochs that are ignored; 0 by default, as in Keras
 * @see <a href="https://keras.io/api/callbacks/early_stopping/">Keras: EarlyStopping</a>
 */
public record EarlyStopping(
    int patience, @Default("0.0") double minDelta, @Default("0") int startFromEpoch) {

  /** Never stops, and only remembers the best epoch. */
  public static final EarlyStopping NEVER = new EarlyStopping(Integer.MAX_VALUE, 0, 0);

  /**
   * Checks the ranges.
   *
   * @param patience epochs without improvement before it stops, at least 1
   * @param minDelta minimum improvement; 0 by default, as in Keras
   * @param startFromEpoch number of first epochs that are ignored; 0 by default, as in Keras
   */
  public EarlyStopping {
    require(patience >= 1, "patience", "at least 1", patience);
    require(minDelta >= 0, "min-delta", "0 or more", minDelta);
    require(startFromEpoch >= 0, "start-from-epoch", "0 or more", startFromEpoch);
  }

  /**
   * The state after an epoch; every number is finite, so that JSON can hold it.
   *
   * @param epoch number of epochs so far
   * @param best the best metric so far; undefined while {@code bestEpoch} is 0
   * @param bestEpoch epoch of the best metric, from 1; 0 for none yet
   * @param waited epochs since then without improvement
   * @param stopped whether training stops
   */
  public record State(int epoch, double best, int bestEpoch, int waited, boolean stopped) {

    /** {@return whether the last epoch is the best so far} */
    public boolean isBest() {
      return epoch > 0 && epoch == bestEpoch;
    }
  }

  /**
   * {@return the state before the first epoch}
   *
   * @param direction in which the metric improves
   */
  public static State start(Direction direction) {
    return new State(0, direction.worst(), 0, 0, false);
  }

  /**
   * The state after one more epoch.
   *
   * @param before the state before it
   * @param value the metric of the epoch
   * @param direction in which it improves
   * @return the next state
   */
  public State after(State before, double value, Direction direction) {
    int epoch = before.epoch() + 1;
    if (epoch <= startFromEpoch) {
      return new State(epoch, before.best(), before.bestEpoch(), before.waited(), false);
    }
    if (direction.isBetter(value, before.best(), minDelta)) {
      return new State(epoch, value, epoch, 0, false);
    }
    int waited = before.waited() + 1;
    boolean stopped = waited >= patience && epoch > 1;
    return new State(epoch, before.best(), before.bestEpoch(), waited, stopped);
  }
}
