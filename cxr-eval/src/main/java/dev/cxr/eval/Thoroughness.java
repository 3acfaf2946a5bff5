package dev.cxr.eval;

/** How much an evaluation looks into besides the pictures it judges. */
enum Thoroughness {
  /** Only what costs next to nothing beside the model's own answers. */
  QUICK,
  /** The whole collection audited, regressions that see no lung, every change tried. */
  FULL
}
