package dev.cxr.train.recipe;

import dev.cxr.train.schedule.Direction;
import java.util.Locale;

/** The figure of an epoch by which epochs are compared. */
public enum Monitor {
  /** Mean over the validation pictures, class weights and label smoothing as in training. */
  VALIDATION_LOSS(Direction.MIN),
  /** At probability 0.5. */
  VALIDATION_ACCURACY(Direction.MAX),
  /** Area under the ROC curve. */
  VALIDATION_AUROC(Direction.MAX),
  /** As seen while learning. */
  TRAINING_LOSS(Direction.MIN),
  /** As seen while learning, at probability 0.5. */
  TRAINING_ACCURACY(Direction.MAX);

  private final Direction direction;

  Monitor(Direction mode) {
    this.direction = mode;
  }

  /** Which way it gets better. */
  public Direction direction() {
    return direction;
  }

  /** Whether it depends on what the pictures are called. */
  boolean isAccuracy() {
    return this == VALIDATION_ACCURACY || this == TRAINING_ACCURACY;
  }

  /** For people, such as {@code validation loss}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ').replace("auroc", "AUROC");
  }
}
