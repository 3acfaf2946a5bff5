package dev.cxr.data.index;

import java.util.Locale;

/**
 * Which class an image has in a table that states several labels for each image.
 *
 * <p>Labels that are no name of a class are disregarded, except by {@link #SINGLE}. An image with
 * labels of several classes other than the negative one is left out, and so is one without any.
 *
 * @since 0.3
 */
public enum LabelPolicy {
  /** Only images with exactly one label. */
  SINGLE,
  /**
   * The class of the label, whatever other labels there are; the negative class only without a
   * label of another class. Images with an uncertain label of a class are left out (U-Ignore of
   * Irvin et al. 2019).
   */
  ANY,
  /** As {@link #ANY}, where uncertain labels count as stated (U-Ones). */
  ANY_UNCERTAIN_POSITIVE,
  /** As {@link #ANY}, where uncertain labels count as absent (U-Zeros). */
  ANY_UNCERTAIN_NEGATIVE;

  /** {@return the name on the command line} */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
