package dev.cxr.serve.inference;

/** Optional parts of a prediction; each takes additional time. */
public enum PredictionDetail {
  /** Grad-CAM heatmap and out-of-distribution score. */
  EXPLANATION,
  /** The decoded image, for clients that cannot decode every format. */
  IMAGE
}
