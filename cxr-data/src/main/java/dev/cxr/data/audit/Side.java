package dev.cxr.data.audit;

import com.google.gson.annotations.SerializedName;
import dev.cxr.data.catalogue.Split;

/** What a model learns from, and what it is reported on. */
public enum Side {
  /** Train and validation together. */
  @SerializedName("learning")
  LEARNING("train and validation"),
  /** Test. */
  @SerializedName("test")
  TEST("test");

  private final String words;

  Side(String words) {
    this.words = words;
  }

  static Side of(Split split) {
    return split == Split.TEST ? TEST : LEARNING;
  }

  /** The splits it is of. */
  @Override
  public String toString() {
    return words;
  }
}
