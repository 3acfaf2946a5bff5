package dev.cxr.eval.evaluation;

import dev.cxr.data.index.Split;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** The images of a dataset that are evaluated. */
public enum EvaluationSplit {
  /** The training images. */
  TRAIN(EnumSet.of(Split.TRAIN)),
  /** The validation images. */
  VALIDATION(EnumSet.of(Split.VALIDATION)),
  /** The test images. */
  TEST(EnumSet.of(Split.TEST)),
  /** Every image, whatever its split. */
  ALL(EnumSet.allOf(Split.class));

  private final Set<Split> splits;

  EvaluationSplit(Set<Split> splits) {
    this.splits = Set.copyOf(splits);
  }

  /** The splits of the dataset that belong to it. */
  Set<Split> splits() {
    return splits;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
