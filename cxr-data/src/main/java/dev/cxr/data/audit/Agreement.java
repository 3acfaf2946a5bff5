package dev.cxr.data.audit;

import com.google.gson.annotations.SerializedName;
import dev.cxr.data.catalogue.Finding;
import java.util.HashSet;
import java.util.Set;

/** Whether pictures that should show the same are said to. */
public enum Agreement {
  /** One finding. */
  @SerializedName("same")
  SAME,
  /** Pneumonia all, but of some the cause is told and of others not. */
  @SerializedName("cause-not-told")
  CAUSE_NOT_TOLD,
  /** Normal and pneumonia, or bacterial and viral. */
  @SerializedName("conflict")
  CONFLICT;

  static Agreement of(Set<Finding> findings) {
    if (findings.size() == 1) {
      return SAME;
    }
    Set<Finding> told = new HashSet<>(findings);
    told.remove(Finding.PNEUMONIA);
    return told.size() == 1 && !told.contains(Finding.NORMAL) ? CAUSE_NOT_TOLD : CONFLICT;
  }
}
