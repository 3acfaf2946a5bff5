package dev.cxr.data.audit;

import com.google.gson.annotations.SerializedName;
import dev.cxr.data.index.Finding;

/** Two classes to be separated. */
public enum ClassPair {
  /** Normal against any pneumonia. */
  @SerializedName("normal-vs-pneumonia")
  NORMAL_VS_PNEUMONIA("NORMAL", "PNEUMONIA") {
    @Override
    boolean isFirst(Finding finding) {
      return !finding.isPneumonia();
    }

    @Override
    boolean isSecond(Finding finding) {
      return finding.isPneumonia();
    }
  },
  /** Bacterial against viral pneumonia; images without a stated cause are left out. */
  @SerializedName("bacterial-vs-viral")
  BACTERIAL_VS_VIRAL("BACTERIAL_PNEUMONIA", "VIRAL_PNEUMONIA") {
    @Override
    boolean isFirst(Finding finding) {
      return finding == Finding.BACTERIAL_PNEUMONIA;
    }

    @Override
    boolean isSecond(Finding finding) {
      return finding == Finding.VIRAL_PNEUMONIA;
    }
  };

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

  abstract boolean isFirst(Finding finding);

  abstract boolean isSecond(Finding finding);
}
