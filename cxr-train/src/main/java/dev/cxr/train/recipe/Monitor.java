package dev.cxr.train.recipe;

import java.util.Locale;

/** The metric that compares epochs. */
public enum Monitor {
  /** Mean over the validation images, with the class weights and label smoothing of training. */
  VALIDATION_LOSS(Direction.MIN),
  /** At probability 0.5. */
  VALIDATION_ACCURACY(Direction.MAX),
  /** Area under the ROC curve. */
  VALIDATION_AUROC(Direction.MAX),
  /** Measured while training. */
  TRAINING_LOSS(Direction.MIN),
  /** Measured while training, at probability 0.5. */
  TRAINING_ACCURACY(Direction.MAX);

  private final Direction direction;

  Monitor(Direction mode) {
    this.direction = mode;
  }

  /** {@return the direction in which it improves} */
  public Direction direction() {
    return direction;
  }

  /** Whether it depends on predicted classes. */
  boolean isAccuracy() {
    return this == VALIDATION_ACCURACY || this == TRAINING_ACCURACY;
  }

  /** {@return for people, such as {@code validation loss}} */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ').replace("auroc", "AUROC");
  }
}
