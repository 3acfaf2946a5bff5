package dev.cxr.train.learner;

import ai.djl.ndarray.NDManager;
import ai.djl.nn.ParameterList;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The moving average of a network's weights, and which of the two the network holds at the moment.
 *
 * <p>Without {@link EmaConfig} the average is what was learned, and nothing is kept.
 */
final class WeightEma implements AutoCloseable {

  private final Optional<EmaConfig> config;
  private final ParameterList parameters;
  private final NDManager manager;

  /** The average; what was learned, while the network holds the average. */
  private @Nullable WeightSnapshot stored;

  private boolean swappedIn;

  WeightEma(Optional<EmaConfig> config, ParameterList parameters, NDManager manager) {
    this.config = config;
    this.parameters = parameters;
    this.manager = manager;
  }

  /** Has the network hold the average. */
  void swapIn() {
    if (!swappedIn && stored != null) {
      stored.swapWithNetwork();
      swappedIn = true;
    }
  }

  /** Has the network hold what was learned. */
  void swapOut() {
    if (swappedIn && stored != null) {
      stored.swapWithNetwork();
      swappedIn = false;
    }
  }

  /** Begins with the weights of now, if it has not begun. */
  void startIfNeeded() {
    if (config.isPresent() && stored == null) {
      stored = WeightSnapshot.copyOf(parameters, manager);
    }
  }

  /** Takes in what a step made of the weights, the first step being 0. */
  void update(long step) {
    if (config.isPresent() && stored != null) {
      stored.interpolateTowardsNetwork(1 - config.get().decayAt(step));
    }
  }

  /** The average, if it has begun; the network holds what was learned. */
  Optional<WeightSnapshot> averageOutsideNetwork() {
    swapOut();
    return Optional.ofNullable(stored);
  }

  /** Forgets the average; the network keeps what it holds, and an average begins anew from that. */
  void reset(@Nullable WeightSnapshot average) {
    if (stored != null) {
      stored.close();
    }
    stored = average;
    swappedIn = false;
  }

  @Override
  public void close() {
    reset(null);
  }
}
