package dev.cxr.data.audit;

import com.google.gson.annotations.JsonAdapter;
import dev.cxr.data.index.Split;

/** The images for training and the images for the final evaluation. */
@JsonAdapter(HyphenatedNames.class)
public enum Partition {
  /** Train and validation. */
  TRAINING("train and validation"),
  /** Test. */
  TEST("test");

  private final String label;

  Partition(String label) {
    this.label = label;
  }

  static Partition of(Split split) {
    return split == Split.TEST ? TEST : TRAINING;
  }

  @Override
  public String toString() {
    return label;
  }
}
