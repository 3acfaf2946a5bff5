package dev.cxr.data.audit;

import com.google.gson.annotations.JsonAdapter;
import dev.cxr.data.index.Finding;

/** Two classes to be separated. */
@JsonAdapter(HyphenatedNames.class)
public enum ClassPair {
  /** Normal against any pneumonia. */
  NORMAL_VS_PNEUMONIA("NORMAL", "PNEUMONIA"),
  /** Bacterial against viral pneumonia; images without a stated cause are left out. */
  BACTERIAL_VS_VIRAL("BACTERIAL_PNEUMONIA", "VIRAL_PNEUMONIA");

  private final String first;
  private final String second;

  ClassPair(String first, String second) {
    this.first = first;
    this.second = second;
  }

  /** {@return the name of the first class} */
  public String first() {
    return first;
  }

  /** {@return the name of the second class} */
  public String second() {
    return second;
  }

  boolean isFirst(Finding finding) {
    return this == NORMAL_VS_PNEUMONIA
        ? !finding.isPneumonia()
        : finding == Finding.BACTERIAL_PNEUMONIA;
  }

  boolean isSecond(Finding finding) {
    return this == NORMAL_VS_PNEUMONIA ? finding.isPneumonia() : finding == Finding.VIRAL_PNEUMONIA;
  }
}
