package dev.cxr.data.audit;

import com.google.gson.annotations.JsonAdapter;
import dev.cxr.data.index.Split;
import java.util.Set;

/** The splits that duplicate images belong to, the most severe case first. */
@JsonAdapter(HyphenatedNames.class)
public enum SplitOverlap {
  /** In test and in train or validation. */
  TRAINING_AND_TEST,
  /** In train and in validation. */
  TRAIN_AND_VALIDATION,
  /** All in one split. */
  SAME_SPLIT;

  static SplitOverlap of(Set<Split> splits) {
    if (splits.size() == 1) {
      return SAME_SPLIT;
    }
    return splits.contains(Split.TEST) ? TRAINING_AND_TEST : TRAIN_AND_VALIDATION;
  }
}
