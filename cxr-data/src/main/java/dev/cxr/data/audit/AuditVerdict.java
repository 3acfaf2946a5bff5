package dev.cxr.data.audit;

import com.google.gson.annotations.SerializedName;

/** Whether a collection gives honest results. */
public enum AuditVerdict {
  /** Nothing was found that forbids it. */
  @SerializedName("fit")
  FIT,
  /** Errors were found, and allowed. */
  @SerializedName("allowed")
  ALLOWED,
  /** Errors were found. */
  @SerializedName("unfit")
  UNFIT
}
