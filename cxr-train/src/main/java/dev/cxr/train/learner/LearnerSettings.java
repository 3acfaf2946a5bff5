package dev.cxr.train.learner;

import dev.cxr.train.loss.Loss;
import java.util.Optional;

/** The settings of a learner, which do not change while it trains (except the learning rate). */
record LearnerSettings(
    Loss loss, double learningRate, Adam.Settings adam, Optional<EmaConfig> ema) {

  /** The settings that a checkpoint must share; its format is part of checkpoint version 1. */
  String compatibilityKey() {
    String average =
        ema.map(config -> "Averaging[decay=%s, start=%s]".formatted(config.decay(), config.start()))
            .orElse("no averaging");
    return "%s, %s, %s".formatted(loss, adam, average);
  }
}
