package dev.cxr.models.knn;

import com.google.gson.annotations.SerializedName;

/** How much a neighbour's class counts. */
public enum VoteWeighting {
  /** All alike. */
  @SerializedName("uniform")
  UNIFORM,
  /** One by its distance; where some are at distance 0, these alone and alike. */
  @SerializedName("distance")
  DISTANCE
}
