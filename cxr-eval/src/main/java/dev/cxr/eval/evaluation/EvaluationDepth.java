package dev.cxr.eval.evaluation;

/** How much an evaluation measures beside the predictions. */
public enum EvaluationDepth {
  /** Metrics of the predictions. */
  QUICK,
  /** Also audit, robustness, trained baselines and distances to the training images. */
  FULL
}
