package dev.cxr.data.audit;

import com.google.gson.annotations.SerializedName;
import dev.cxr.data.index.Split;

/** What a model learns from, and what it is reported on. */
public enum Partition {
  /** Train and validation together. */
  @SerializedName("learning")
  TRAINING("train and validation"),
  /** Test. */
  @SerializedName("test")
  TEST("test");

  private final String label;

  Partition(String words) {
    this.label = words;
  }

  static Partition of(Split split) {
    return split == Split.TEST ? TEST : TRAINING;
  }

  /** The splits it is of. */
  @Override
  public String toString() {
    return label;
  }
}
