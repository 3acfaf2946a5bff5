package dev.cxr.data.audit;

import com.google.gson.annotations.JsonAdapter;

/** Whether results on a dataset are valid. */
@JsonAdapter(HyphenatedNames.class)
public enum AuditVerdict {
  /** No errors were found. */
  FIT,
  /** Errors were found and allowed by the user. */
  ALLOWED,
  /** Errors were found. */
  UNFIT
}
