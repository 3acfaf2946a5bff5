package dev.cxr.models.knn;

import com.google.gson.annotations.SerializedName;

/** The weight of a neighbour in a vote, as in scikit-learn. */
public enum VoteWeighting {
  /** Equal weights. */
  @SerializedName("uniform")
  UNIFORM,
  /** 1 / distance; if some are at distance 0, only these, with equal weights. */
  @SerializedName("distance")
  DISTANCE
}
