package dev.cxr.data.audit;

import com.google.gson.annotations.SerializedName;

/** Whether results on a dataset are valid. */
public enum AuditVerdict {
  /** No errors were found. */
  @SerializedName("fit")
  FIT,
  /** Errors were found and allowed by the user. */
  @SerializedName("allowed")
  ALLOWED,
  /** Errors were found. */
  @SerializedName("unfit")
  UNFIT
}
