package dev.cxr.eval.evaluation;

import dev.cxr.data.index.Split;

/** Which pictures of a collection are judged. */
public enum EvaluationSplit {
  TRAIN,
  VALIDATION,
  TEST,
  /** Every picture, whatever split the collection puts it in. */
  ALL;

  boolean includes(Split split) {
    return switch (this) {
      case TRAIN -> split == Split.TRAIN;
      case VALIDATION -> split == Split.VALIDATION;
      case TEST -> split == Split.TEST;
      case ALL -> true;
    };
  }
}
