package dev.cxr.eval.evaluation;

import com.google.gson.annotations.SerializedName;

/** Whether the images of all classes come from the same sources. */
public enum ClassSources {
  /** The images of all classes come from the same sources. */
  @SerializedName("shared")
  SHARED,
  /**
   * The images of each class come from other sources. Scanner, age and hospital then separate the
   * classes as well as the finding does, so metrics that compare classes are undefined.
   */
  @SerializedName(value = "separate", alternate = "apart")
  SEPARATE;

  /** Why a metric that compares classes is undefined. */
  static final String REASON =
      "the classes come from different sources, which it would measure too";
}
