package dev.cxr.models.architecture;

import java.util.Locale;

/** The numbers with which convolutions are computed in training; inference is float32. */
public enum TrainingPrecision {
  /** 32 bits. */
  FLOAT32,
  /**
   * 16 bits, with the range of float32 and 8 bits of precision, for what convolutions multiply:
   * their inputs, weights and gradients. Weights are kept and everything else is computed in
   * float32 (mixed precision, Kalamkar et al. 2019). Depthwise convolutions stay float32.
   */
  BFLOAT16;

  /** {@return the name in recipes, such as {@code bfloat16}} */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
