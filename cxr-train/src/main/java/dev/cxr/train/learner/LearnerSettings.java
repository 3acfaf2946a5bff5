package dev.cxr.train.learner;

import dev.cxr.train.loss.Loss;
import java.util.Optional;

/**
 * The settings of a learner, which do not change while it trains (except the learning rate).
 *
 * @param loss to minimize
 * @param learningRate of the first step; {@link Learner#setLearningRate} changes it
 * @param epsilon of Adam, above 0
 * @param weightDecay decoupled, not of biases and BatchNorm; 0 for none
 * @param clipNorm maximum norm of all gradients together; infinite for none
 * @param ema moving average of the weights, which is evaluated in their place
 */
public record LearnerSettings(
    Loss loss,
    double learningRate,
    double epsilon,
    double weightDecay,
    double clipNorm,
    Optional<EmaConfig> ema) {

  Adam.Settings adam() {
    return new Adam.Settings(0.9f, 0.999f, (float) epsilon, weightDecay, clipNorm);
  }

  /** The settings that a checkpoint must share; its format is part of checkpoint version 1. */
  String compatibilityKey() {
    String average =
        ema.map(config -> "Averaging[decay=%s, start=%s]".formatted(config.decay(), config.start()))
            .orElse("no averaging");
    return "%s, %s, %s".formatted(loss, adam(), average);
  }
}
