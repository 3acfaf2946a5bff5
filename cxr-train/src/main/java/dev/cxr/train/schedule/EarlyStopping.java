package dev.cxr.train.schedule;

/**
 * Stops a run whose figure no longer gets better, as the Keras callback of that name does.
 *
 * <p>A figure is better if it beats the best one so far by more than {@code minDelta}. The run
 * stops at the first epoch that is the {@code patience}th in a row, or later, without a better
 * figure; the very first epoch never stops it. Unlike Keras 3.15, a figure that is no number is
 * never the best, not even when it comes first.
 *
 * @param direction which way the figure gets better
 * @param minDelta by how much it must, 0 or more; 0 in Keras by default
 * @param patience epochs without a better figure, 0 or more; 0, as 1, stops at the first
 * @param startFromEpoch how many epochs at the start are left out of account; 0 in Keras by default
 * @see <a href="https://keras.io/api/callbacks/early_stopping/">Keras: EarlyStopping</a>
 */
public record EarlyStopping(
    Direction direction, double minDelta, int patience, int startFromEpoch) {

  /** Refuses what cannot be. */
  public EarlyStopping {
    if (!(minDelta >= 0) || patience < 0 || startFromEpoch < 0) {
      throw new IllegalArgumentException(
          "minDelta %s, patience %s, startFromEpoch %s: each 0 or more"
              .formatted(minDelta, patience, startFromEpoch));
    }
  }

  /**
   * Where the counting stands; every number is finite, so that JSON can hold it.
   *
   * @param epoch how many epochs were taken in
   * @param best the best figure so far; means nothing while {@code bestEpoch} is 0
   * @param bestEpoch which epoch that was, counted from 1; 0 for none yet
   * @param waited epochs since without a better one
   * @param stopped whether the run is over
   */
  public record State(int epoch, double best, int bestEpoch, int waited, boolean stopped) {

    /** Whether the epoch taken in last is the best so far. */
    public boolean isBest() {
      return epoch > 0 && epoch == bestEpoch;
    }
  }

  /** Before the first epoch. */
  public State start() {
    return new State(0, direction.worst(), 0, 0, false);
  }

  /** Takes in the figure of one more epoch. */
  public State after(State before, double value) {
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
