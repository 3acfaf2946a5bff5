package dev.cxr.data.audit;

import com.google.gson.annotations.SerializedName;
import dev.cxr.data.index.Split;
import java.util.Set;

/** Where pictures stand that have something in common; the worst comes first. */
public enum SplitOverlap {
  /** In test and in a split that a model learns from. */
  @SerializedName("into-test")
  TRAINING_AND_TEST,
  /** In train and in validation. */
  @SerializedName("train-and-validation")
  TRAIN_AND_VALIDATION,
  /** All in one split. */
  @SerializedName("one-split")
  SAME_SPLIT;

  static SplitOverlap of(Set<Split> splits) {
    if (splits.size() == 1) {
      return SAME_SPLIT;
    }
    return splits.contains(Split.TEST) ? TRAINING_AND_TEST : TRAIN_AND_VALIDATION;
  }
}
