package dev.cxr.data.audit;

import com.google.gson.annotations.SerializedName;
import dev.cxr.data.index.Split;
import java.util.Set;

/** The splits that duplicate images belong to, the most severe case first. */
public enum SplitOverlap {
  /** In test and in train or validation. */
  @SerializedName("training-and-test")
  TRAINING_AND_TEST,
  /** In train and in validation. */
  @SerializedName("train-and-validation")
  TRAIN_AND_VALIDATION,
  /** All in one split. */
  @SerializedName("same-split")
  SAME_SPLIT;

  static SplitOverlap of(Set<Split> splits) {
    if (splits.size() == 1) {
      return SAME_SPLIT;
    }
    return splits.contains(Split.TEST) ? TRAINING_AND_TEST : TRAIN_AND_VALIDATION;
  }
}
