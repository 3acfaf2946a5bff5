package dev.cxr.eval.evaluation;

import dev.cxr.data.index.Split;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** The images of a dataset that are evaluated. */
public enum EvaluationSplit {
  /** The training images. */
  TRAIN,
  /** The validation images. */
  VALIDATION,
  /** The test images. */
  TEST,
  /** Every image, whatever its split. */
  ALL;

  /** The splits of the dataset that belong to it. */
  Set<Split> splits() {
    return this == ALL ? EnumSet.allOf(Split.class) : EnumSet.of(Split.valueOf(name()));
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
