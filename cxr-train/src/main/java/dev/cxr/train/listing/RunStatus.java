package dev.cxr.train.listing;

import java.util.Locale;

/** The state of a training run. */
public enum RunStatus {
  /** It has its bundle. */
  FINISHED,
  /** A process is training it now. */
  RUNNING,
  /** The user stopped it. */
  STOPPED,
  /** Its process ended without saving: it was killed, or the power failed. */
  KILLED,
  /** An error ended it. */
  FAILED;

  /** {@return the word for tables and JSON} */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether {@code train --resume} continues it. */
  boolean isResumable() {
    return this == STOPPED || this == KILLED || this == FAILED;
  }
}
