package dev.cxr.data.audit;

import com.google.gson.annotations.SerializedName;
import dev.cxr.data.index.Finding;
import java.util.function.Predicate;

/** Two classes to be separated. */
public enum ClassPair {
  /** Normal against any pneumonia. */
  @SerializedName("normal-vs-pneumonia")
  NORMAL_VS_PNEUMONIA(
      "NORMAL", "PNEUMONIA", finding -> !finding.isPneumonia(), Finding::isPneumonia),
  /** Bacterial against viral pneumonia; images without a stated cause are left out. */
  @SerializedName("bacterial-vs-viral")
  BACTERIAL_VS_VIRAL(
      "BACTERIAL_PNEUMONIA",
      "VIRAL_PNEUMONIA",
      Finding.BACTERIAL_PNEUMONIA::equals,
      Finding.VIRAL_PNEUMONIA::equals);

  private final String first;
  private final String second;
  private final Predicate<Finding> inFirst;
  private final Predicate<Finding> inSecond;

  ClassPair(String first, String second, Predicate<Finding> inFirst, Predicate<Finding> inSecond) {
    this.first = first;
    this.second = second;
    this.inFirst = inFirst;
    this.inSecond = inSecond;
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
    return inFirst.test(finding);
  }

  boolean isSecond(Finding finding) {
    return inSecond.test(finding);
  }
}
