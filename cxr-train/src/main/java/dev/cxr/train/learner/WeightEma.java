package dev.cxr.train.learner;

import ai.djl.ndarray.NDManager;
import ai.djl.nn.ParameterList;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The moving average of a network's weights, which can be swapped with them.
 *
 * <p>Without {@link EmaConfig} there is no average and swapping does nothing.
 */
final class WeightEma {

  private final Optional<EmaConfig> config;
  private final ParameterList parameters;
  private final NDManager manager;

  /** The average, or the weights while the network has the average. */
  private @Nullable WeightSnapshot stored;

  private boolean swappedIn;

  WeightEma(Optional<EmaConfig> config, ParameterList parameters, NDManager manager) {
    this.config = config;
    this.parameters = parameters;
    this.manager = manager;
  }

  /** Gives the network the average. */
  void swapIn() {
    if (!swappedIn && stored != null) {
      stored.swapWithNetwork();
      swappedIn = true;
    }
  }

  /** Gives the network its own weights. */
  void swapOut() {
    if (swappedIn && stored != null) {
      stored.swapWithNetwork();
      swappedIn = false;
    }
  }

  /** Starts with the current weights. */
  void startIfNeeded() {
    if (config.isPresent() && stored == null) {
      stored = WeightSnapshot.copyOf(parameters, manager);
    }
  }

  /** Includes the weights after a step; steps count from 0. */
  void update(long step) {
    if (config.isPresent() && stored != null) {
      stored.interpolateTowardsNetwork(1 - config.get().decayAt(step));
    }
  }

  /** The average, if it has started; the network then has its own weights. */
  Optional<WeightSnapshot> detachedAverage() {
    swapOut();
    return Optional.ofNullable(stored);
  }

  /** Replaces the average; null to start again from the weights that the network has. */
  void reset(@Nullable WeightSnapshot average) {
    if (stored != null) {
      stored.close();
    }
    stored = average;
    swappedIn = false;
  }
}
