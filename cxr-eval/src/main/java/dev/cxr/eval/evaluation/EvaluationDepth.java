package dev.cxr.eval.evaluation;

/** How much an evaluation looks into besides the pictures it judges. */
public enum EvaluationDepth {
  /** Only what costs next to nothing beside the model's own answers. */
  QUICK,
  /** The whole collection audited, regressions that see no lung, every change tried. */
  FULL
}
