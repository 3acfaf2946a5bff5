package dev.cxr.eval.metrics.unlabelled;

/** What is known of unlabelled pictures beforehand. */
public enum Sides {
  /** Nothing: the scores have to show that there are two groups. */
  UNKNOWN,
  /** At least a tenth are of the one side and a tenth of the other. */
  BOTH
}
