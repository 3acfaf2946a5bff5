package dev.cxr.data.audit;

import com.google.gson.annotations.JsonAdapter;
import dev.cxr.data.index.Finding;
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
    return findings.size() == 1
        ? SAME
        : Finding.areCompatible(findings) ? CAUSE_UNSPECIFIED : CONFLICT;
  }
}
