package dev.cxr.eval.metrics.unlabelled;

/** What is known of unlabelled pictures beforehand. */
public enum ClassPresence {
  /** Nothing: the scores have to show that there are two groups. */
  UNKNOWN(""),
  /** At least a tenth are of the one side and a tenth of the other. */
  BOTH(", both sides being known to be there");

  private final String clause;

  ClassPresence(String clause) {
    this.clause = clause;
  }

  /** Ends a sentence about the pictures; nothing where nothing is known. */
  public String clause() {
    return clause;
  }
}
