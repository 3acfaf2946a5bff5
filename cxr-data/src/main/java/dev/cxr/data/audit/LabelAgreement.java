package dev.cxr.data.audit;

import com.google.gson.annotations.SerializedName;
import dev.cxr.data.index.Finding;
import java.util.HashSet;
import java.util.Set;

/** Whether pictures that should show the same are said to. */
public enum LabelAgreement {
  /** One finding. */
  @SerializedName("same")
  SAME,
  /** Pneumonia all, but of some the cause is told and of others not. */
  @SerializedName("cause-not-told")
  CAUSE_UNSPECIFIED,
  /** Normal and pneumonia, or bacterial and viral. */
  @SerializedName("conflict")
  CONFLICT;

  static LabelAgreement of(Set<Finding> findings) {
    if (findings.size() == 1) {
      return SAME;
    }
    Set<Finding> specified = new HashSet<>(findings);
    specified.remove(Finding.PNEUMONIA);
    return specified.size() == 1 && !specified.contains(Finding.NORMAL)
        ? CAUSE_UNSPECIFIED
        : CONFLICT;
  }
}
