package dev.cxr.data.catalogue;

import com.google.gson.annotations.SerializedName;
import java.util.List;

/** The question that a model answers. */
public enum Task {
  /** Normal or pneumonia of any cause. */
  @SerializedName("binary")
  BINARY(List.of("NORMAL", "PNEUMONIA")) {
    @Override
    public int label(Finding finding) {
      return finding.isPneumonia() ? 1 : 0;
    }
  };

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<String> classes;

  Task(List<String> classes) {
    this.classes = classes;
  }

  /** The class names, in the order of the model's probabilities. */
  public List<String> classes() {
    return classes;
  }

  /** The class whose probability is compared with the operating threshold. */
  public String positiveClass() {
    return "PNEUMONIA";
  }

  /** The index in {@link #classes()} of a finding. */
  public abstract int label(Finding finding);
}
