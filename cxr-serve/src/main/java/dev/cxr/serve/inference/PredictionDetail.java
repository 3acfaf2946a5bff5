package dev.cxr.serve.inference;

/** What can be asked for beside the probabilities; each takes time. */
public enum PredictionDetail {
  /** Grad-CAM and the distance from what the model learned from. */
  EXPLANATION,
  /** The picture itself as a PNG, for what shows it and cannot read every format. */
  IMAGE
}
