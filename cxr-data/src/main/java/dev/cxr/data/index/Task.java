package dev.cxr.data.index;

import com.google.gson.annotations.SerializedName;
import java.util.List;

/** The question that a model answers. */
public enum Task {
  /** Normal or pneumonia of any cause. Every finding takes part. */
  @SerializedName("binary")
  BINARY(List.of("NORMAL", "PNEUMONIA"), "PNEUMONIA") {
    @Override
    public boolean includes(Finding finding) {
      return true;
    }

    @Override
    int labelOf(Finding finding) {
      return finding.isPneumonia() ? 1 : 0;
    }
  },
  /**
   * The cause of a pneumonia. Normals take no part, nor do pneumonias of untold cause. Bacteria are
   * the positive class, for they are what is treated with antibiotics.
   */
  @SerializedName("subtype")
  SUBTYPE(List.of("VIRAL_PNEUMONIA", "BACTERIAL_PNEUMONIA"), "BACTERIAL_PNEUMONIA") {
    @Override
    public boolean includes(Finding finding) {
      return finding == Finding.BACTERIAL_PNEUMONIA || finding == Finding.VIRAL_PNEUMONIA;
    }

    @Override
    int labelOf(Finding finding) {
      return classes().indexOf(finding.name());
    }
  },
  /**
   * Normal or one of two causes. Pneumonias of untold cause take no part. The positive class is
   * pneumonia of either cause, whose probability is 1 less that of NORMAL.
   */
  @SerializedName("three-class")
  THREE_CLASS(List.of("NORMAL", "BACTERIAL_PNEUMONIA", "VIRAL_PNEUMONIA"), "PNEUMONIA") {
    @Override
    public boolean includes(Finding finding) {
      return finding != Finding.PNEUMONIA;
    }

    @Override
    int labelOf(Finding finding) {
      return classes().indexOf(finding.name());
    }
  },
  /**
   * Whether an image is unlike normal ones. Every finding takes part in judging it, but only
   * normals are learned from.
   */
  @SerializedName("anomaly")
  ANOMALY(List.of("NORMAL", "ANOMALY"), "ANOMALY") {
    @Override
    public boolean includes(Finding finding) {
      return true;
    }

    @Override
    public boolean trainsOn(Finding finding) {
      return !finding.isPneumonia();
    }

    @Override
    int labelOf(Finding finding) {
      return finding.isPneumonia() ? 1 : 0;
    }
  };

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<String> classes;

  private final String positiveClass;

  Task(List<String> classes, String positiveClass) {
    this.classes = classes;
    this.positiveClass = positiveClass;
  }

  /** The class names, in the order of the model's probabilities; the first is the negative one. */
  public List<String> classes() {
    return classes;
  }

  /**
   * The class whose probability is compared with the operating threshold; all of {@link #classes()}
   * but the first where it is none of them.
   */
  public String positiveClass() {
    return positiveClass;
  }

  /** Whether images of a finding can be asked about: whether it is of one of the classes. */
  public abstract boolean includes(Finding finding);

  /** Whether images of a finding are trained on, not judged by alone. */
  public boolean trainsOn(Finding finding) {
    return includes(finding);
  }

  /**
   * The index in {@link #classes()} of a finding.
   *
   * @throws IllegalArgumentException if the finding takes no part, see {@link #includes}
   */
  public int label(Finding finding) {
    if (!includes(finding)) {
      throw new IllegalArgumentException(
          "expected a finding that takes part in %s, found %s; leave out what Task.takes does not take"
              .formatted(this, finding));
    }
    return labelOf(finding);
  }

  /** Whether a finding is of the positive class; it must take part. */
  public boolean isPositive(Finding finding) {
    return label(finding) > 0;
  }

  /**
   * The probability of the positive class.
   *
   * @param probabilities of {@link #classes()}, in order
   */
  public double positiveProbability(double[] probabilities) {
    return classes.size() == 2 ? probabilities[1] : 1 - probabilities[0];
  }

  abstract int labelOf(Finding finding);
}
