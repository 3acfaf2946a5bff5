package dev.cxr.train.recipe;

import dev.cxr.train.learning.Mode;
import java.util.Locale;

/** The figure of an epoch by which epochs are compared. */
public enum Monitor {
  /** Mean over the validation pictures, class weights and label smoothing as in training. */
  VALIDATION_LOSS(Mode.MIN),
  /** At probability 0.5. */
  VALIDATION_ACCURACY(Mode.MAX),
  /** Area under the ROC curve. */
  VALIDATION_AUROC(Mode.MAX),
  /** As seen while learning. */
  TRAINING_LOSS(Mode.MIN),
  /** As seen while learning, at probability 0.5. */
  TRAINING_ACCURACY(Mode.MAX);

  private final Mode mode;

  Monitor(Mode mode) {
    this.mode = mode;
  }

  /** Which way it gets better. */
  public Mode mode() {
    return mode;
  }

  /** Whether it depends on what the pictures are called. */
  boolean isAccuracy() {
    return this == VALIDATION_ACCURACY || this == TRAINING_ACCURACY;
  }

  /** For people, such as {@code validation loss}. */
  public String inWords() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ').replace("auroc", "AUROC");
  }
}
