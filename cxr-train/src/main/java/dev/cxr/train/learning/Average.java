package dev.cxr.train.learning;

import ai.djl.ndarray.NDManager;
import ai.djl.nn.ParameterList;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The moving average of a network's weights, and which of the two the network holds at the moment.
 *
 * <p>Without {@link Averaging} the average is what was learned, and nothing is kept.
 */
final class Average implements AutoCloseable {

  private final Optional<Averaging> averaging;
  private final ParameterList parameters;
  private final NDManager manager;

  /** The average; what was learned, while the network holds the average. */
  private @Nullable Weights aside;

  private boolean shown;

  Average(Optional<Averaging> averaging, ParameterList parameters, NDManager manager) {
    this.averaging = averaging;
    this.parameters = parameters;
    this.manager = manager;
  }

  /** Has the network hold the average. */
  void show() {
    if (!shown && aside != null) {
      aside.exchange();
      shown = true;
    }
  }

  /** Has the network hold what was learned. */
  void hide() {
    if (shown && aside != null) {
      aside.exchange();
      shown = false;
    }
  }

  /** Begins with the weights of now, if it has not begun. */
  void begin() {
    if (averaging.isPresent() && aside == null) {
      aside = Weights.copyOf(parameters, manager);
    }
  }

  /** Takes in what a step made of the weights, the first step being 0. */
  void follow(long step) {
    if (averaging.isPresent() && aside != null) {
      aside.moveTowardsNetwork(1 - averaging.get().decayAt(step));
    }
  }

  /** The average, if it has begun; the network holds what was learned. */
  Optional<Weights> hidden() {
    hide();
    return Optional.ofNullable(aside);
  }

  /** Forgets the average; the network keeps what it holds, and an average begins anew from that. */
  void restartFrom(@Nullable Weights average) {
    if (aside != null) {
      aside.close();
    }
    aside = average;
    shown = false;
  }

  @Override
  public void close() {
    restartFrom(null);
  }
}
