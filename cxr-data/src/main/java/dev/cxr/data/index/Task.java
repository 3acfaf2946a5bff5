package dev.cxr.data.index;

import com.google.gson.annotations.SerializedName;
import java.util.List;

/**
 * What a model classifies.
 *
 * @since 0.1
 */
public enum Task {
  /** Normal or pneumonia of any cause. Includes every finding. */
  @SerializedName("binary")
  BINARY(true, "PNEUMONIA", "NORMAL", "PNEUMONIA"),
  /**
   * Bacterial or viral pneumonia. Includes neither normal images nor pneumonias of unstated cause.
   * The positive class is bacterial pneumonia, which is treated with antibiotics.
   */
  @SerializedName("subtype")
  SUBTYPE(false, "BACTERIAL_PNEUMONIA", "VIRAL_PNEUMONIA", "BACTERIAL_PNEUMONIA"),
  /**
   * Normal, bacterial or viral pneumonia. Does not include pneumonias of unstated cause. The
   * positive class is pneumonia of either cause; its probability is 1 - P(NORMAL).
   */
  @SerializedName("three-class")
  THREE_CLASS(false, "PNEUMONIA", "NORMAL", "BACTERIAL_PNEUMONIA", "VIRAL_PNEUMONIA"),
  /** Normal or anomalous. Includes every finding, but trains on normal images only. */
  @SerializedName("anomaly")
  ANOMALY(true, "ANOMALY", "NORMAL", "ANOMALY");

  /** Whether every pneumonia is of the second class. */
  private final boolean includesAll;

  private final String positiveClass;

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<String> classes;

  Task(boolean includesAll, String positiveClass, String... classes) {
    this.includesAll = includesAll;
    this.positiveClass = positiveClass;
    this.classes = List.of(classes);
  }

  /**
   * {@return the class names, in the order of the model's probabilities; the first is the negative
   * class}
   */
  public List<String> classes() {
    return classes;
  }

  /**
   * {@return the class whose probability is compared with the operating threshold; if it is not one
   * of {@link #classes()}, it stands for all but the first}
   */
  public String positiveClass() {
    return positiveClass;
  }

  /**
   * {@return whether a finding belongs to one of the classes, so that its images are evaluated}
   *
   * @param finding of an image
   */
  public boolean includes(Finding finding) {
    return includesAll || classes.contains(finding.name());
  }

  /**
   * {@return whether images of a finding are used in training; others are at most evaluated}
   *
   * @param finding of an image
   */
  public boolean trainsOn(Finding finding) {
    return includes(finding) && (this != ANOMALY || !finding.isPneumonia());
  }

  /**
   * Converts a finding to a class.
   *
   * @param finding that this task {@link #includes}
   * @return its index in {@link #classes()}
   * @throws IllegalArgumentException if the task does not include the finding
   */
  public int label(Finding finding) {
    if (!includes(finding)) {
      throw new IllegalArgumentException(
          "expected a finding of the task %s, found %s: filter findings with Task.includes"
              .formatted(this, finding));
    }
    return !includesAll ? classes.indexOf(finding.name()) : finding.isPneumonia() ? 1 : 0;
  }

  /**
   * {@return whether a finding belongs to the positive class}
   *
   * @param finding that this task {@link #includes}
   */
  public boolean isPositive(Finding finding) {
    return label(finding) > 0;
  }

  /**
   * {@return the probability of the positive class}
   *
   * @param probabilities of {@link #classes()}, in order
   */
  public double positiveProbability(double[] probabilities) {
    return classes.size() == 2 ? probabilities[1] : 1 - probabilities[0];
  }
}
