package dev.cxr.eval.prediction;

import java.util.Locale;

/** A number that describes an image without the model and may still predict its class. */
public enum BaselineFeature {
  /** Length of the file in bytes. */
  FILE_BYTES("file size"),
  /** Columns times rows of the image as stored. */
  PIXELS("image size"),
  /** Mean of the pixels at the model's input size, 0 (black) to 1 (white). */
  MEAN_INTENSITY("mean intensity"),
  /** The probability by a logistic regression on the outermost 1/16 of each side. */
  BORDER("border pixels only"),
  /** The probability by a logistic regression that does not see a central ellipse. */
  SURROUNDINGS("central ellipse blanked");

  private final String title;

  BaselineFeature(String title) {
    this.title = title;
  }

  /** {@return the name for reports} */
  public String title() {
    return title;
  }

  /** {@return whether it is a probability of the positive class, fitted on the training split} */
  public boolean isTrained() {
    return this == BORDER || this == SURROUNDINGS;
  }

  /** {@return its column in predictions.csv} */
  public String column() {
    return name().toLowerCase(Locale.ROOT);
  }
}
