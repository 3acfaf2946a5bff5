package dev.cxr.data.audit;

import com.google.gson.annotations.JsonAdapter;
import dev.cxr.data.index.Finding;
import java.util.HashSet;
import java.util.Set;

/** Whether images that show the same X-ray have the same label. */
@JsonAdapter(HyphenatedNames.class)
public enum LabelAgreement {
  /** The same finding. */
  SAME,
  /** All show pneumonia, some of them without a stated cause. */
  CAUSE_UNSPECIFIED,
  /** Normal and pneumonia, or bacterial and viral pneumonia. */
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
