package dev.cxr.models.neighbours;

/** How much a neighbour's class counts. */
public enum Weighting {
  /** All alike. */
  UNIFORM,
  /** One by its distance; where some are at distance 0, these alone and alike. */
  DISTANCE
}
