package dev.cxr.data.audit;

import com.google.gson.annotations.SerializedName;
import dev.cxr.data.index.Finding;

/** Two groups of pictures that a model may be asked to tell apart. */
public enum ClassPair {
  /** Normal against pneumonia of any cause. */
  @SerializedName("normal-against-pneumonia")
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
  /** Bacterial against viral pneumonia; where the cause is not told a picture takes no part. */
  @SerializedName("bacterial-against-viral")
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

  /** The name of the first group. */
  public String first() {
    return first;
  }

  /** The name of the second group. */
  public String second() {
    return second;
  }

  abstract boolean isFirst(Finding finding);

  abstract boolean isSecond(Finding finding);
}
