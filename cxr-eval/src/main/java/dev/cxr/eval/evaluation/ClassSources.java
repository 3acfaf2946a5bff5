package dev.cxr.eval.evaluation;

import com.google.gson.annotations.SerializedName;

/** Where the pictures of the classes come from. */
public enum ClassSources {
  /** From one place, so that they differ in the finding alone. */
  @SerializedName("shared")
  SHARED,
  /**
   * Each from a place of its own: machine, age and centre then tell them apart as well as the
   * finding does, and a figure that mixes them judges that too.
   */
  @SerializedName("apart")
  SEPARATE;

  /** Why a figure that mixes the classes is not defined. */
  static final String REASON = "the classes come from different sources, which it would judge too";
}
