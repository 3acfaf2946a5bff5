package dev.cxr.eval.prediction;

import java.util.Locale;

/** A number that can be told of a picture without the model, and may yet tell its class. */
public enum BaselineFeature {
  /** Length of the file in bytes. */
  FILE_BYTES("file size"),
  /** Columns times rows of the picture as it is stored. */
  PIXELS("image size"),
  /** Mean of the pixels at the model's input side, 0 (black) to 1 (white). */
  MEAN_INTENSITY("mean intensity"),
  /** What a logistic regression on the outermost 1/16 of each side says; it learned on train. */
  BORDER("border pixels only"),
  /** What one says that does not see a central ellipse; it learned on train. */
  SURROUNDINGS("central ellipse blanked");

  private final String title;

  BaselineFeature(String title) {
    this.title = title;
  }

  /** Its name, for people. */
  public String title() {
    return title;
  }

  /** Whether greater values speak for the positive class by their making. */
  public boolean isTrained() {
    return this == BORDER || this == SURROUNDINGS;
  }

  /** Its column in {@code predictions.csv}. */
  public String column() {
    return name().toLowerCase(Locale.ROOT);
  }
}
