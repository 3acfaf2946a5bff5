package dev.cxr.eval.metrics.unlabelled;

/** Which classes are known to be present among unlabelled images. */
public enum ClassPresence {
  /** Unknown: the scores must show that there are two groups. */
  UNKNOWN(""),
  /** At least a tenth of the images are of either class. */
  BOTH(", with both classes known to be present");

  private final String clause;

  ClassPresence(String clause) {
    this.clause = clause;
  }

  /** {@return the end of a sentence about the images; empty if unknown} */
  public String clause() {
    return clause;
  }
}
