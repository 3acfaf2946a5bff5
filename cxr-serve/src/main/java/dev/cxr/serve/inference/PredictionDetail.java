package dev.cxr.serve.inference;

/** What a prediction contains besides the probabilities. */
public enum PredictionDetail {
  /** Nothing else. */
  NONE,
  /** The heatmap and the out-of-distribution score. */
  EXPLANATION,
  /** Both, and the decoded image. */
  EXPLANATION_AND_IMAGE
}
