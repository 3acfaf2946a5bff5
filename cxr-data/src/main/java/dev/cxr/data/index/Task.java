package dev.cxr.data.index;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.TypeAdapter;
import com.google.gson.annotations.JsonAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a model classifies.
 *
 * <p>JSON contains the name of a built-in task, and name, classes and positive class of any other.
 *
 * @param name {@code binary}, {@code subtype}, {@code three-class}, {@code anomaly}, or {@code
 *     classification} with classes of one's own
 * @param classes the class names, in the order of the model's probabilities; the first is the
 *     negative class
 * @param positiveClass the class whose probability is compared with the operating threshold; if it
 *     is not one of the classes, it stands for all but the first
 * @since 0.1
 */
@JsonAdapter(Task.Json.class)
public record Task(String name, List<String> classes, String positiveClass) {

  private static final String ANOMALY_NAME = "anomaly";
  private static final String ANOMALY_CLASS = "ANOMALY";
  private static final String CLASSIFICATION = "classification";

  /** Normal or pneumonia of any cause. */
  public static final Task BINARY = new Task("binary", List.of("NORMAL", "PNEUMONIA"), "PNEUMONIA");

  /**
   * Bacterial or viral pneumonia. Includes neither normal images nor pneumonias of unstated cause.
   * The positive class is bacterial pneumonia, which is treated with antibiotics.
   */
  public static final Task SUBTYPE =
      new Task("subtype", List.of("VIRAL_PNEUMONIA", "BACTERIAL_PNEUMONIA"), "BACTERIAL_PNEUMONIA");

  /**
   * Normal, bacterial or viral pneumonia. Does not include pneumonias of unstated cause. The
   * positive class is pneumonia of either cause; its probability is 1 - P(NORMAL).
   */
  public static final Task THREE_CLASS =
      new Task(
          "three-class", List.of("NORMAL", "BACTERIAL_PNEUMONIA", "VIRAL_PNEUMONIA"), "PNEUMONIA");

  /** Normal or anomalous. Includes every finding, but trains on normal images only. */
  public static final Task ANOMALY = anomaly(List.of("NORMAL"));

  /** The tasks with the built-in findings as classes. */
  public static final List<Task> BUILT_IN = List.of(BINARY, SUBTYPE, THREE_CLASS, ANOMALY);

  /**
   * Copies the classes.
   *
   * @param name as for the record
   * @param classes as for the record
   * @param positiveClass as for the record
   * @throws IllegalArgumentException if there are fewer than two classes
   */
  public Task {
    classes = List.copyOf(classes);
    if (classes.size() < 2) {
      throw new IllegalArgumentException("expected two or more classes, found " + classes);
    }
  }

  /**
   * {@return a built-in task}
   *
   * @param name {@code binary}, {@code subtype}, {@code three-class} or {@code anomaly}
   * @throws IllegalArgumentException if there is no such task
   */
  public static Task forName(String name) {
    return BUILT_IN.stream()
        .filter(task -> task.name.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "expected one of the tasks %s, found '%s'".formatted(BUILT_IN, name)));
  }

  /**
   * {@return the task of distinguishing classes of one's own}
   *
   * @param classes two or more; the first is the negative class
   * @param positiveClass one of the others; empty for the second of two, and for all but the first
   *     of more
   */
  public static Task classification(List<String> classes, Optional<String> positiveClass) {
    return new Task(
        CLASSIFICATION,
        classes,
        positiveClass.orElseGet(
            () -> classes.size() == 2 ? classes.get(1) : "not " + classes.get(0)));
  }

  /**
   * {@return the task of distinguishing everything else from the first class}
   *
   * @param classes the first is the class to train on
   */
  public static Task anomaly(List<String> classes) {
    return new Task(ANOMALY_NAME, List.of(classes.get(0), ANOMALY_CLASS), ANOMALY_CLASS);
  }

  /** {@return whether the model trains on images of the first class only} */
  public boolean isAnomaly() {
    return name.equals(ANOMALY_NAME);
  }

  /** {@return whether the classes are not the built-in findings} */
  public boolean isOwn() {
    return !BUILT_IN.contains(this);
  }

  /** {@return whether there are more than two classes} */
  public boolean isMultiClass() {
    return classes.size() > 2;
  }

  /** {@return what an image is whose probability of the positive class is below the threshold} */
  public String negativeLabel() {
    return isMultiClass() && classes.contains(positiveClass)
        ? "not " + positiveClass
        : classes.get(0);
  }

  /**
   * {@return whether a finding belongs to one of the classes, so that its images are evaluated}
   *
   * @param finding of an image
   */
  public boolean includes(Finding finding) {
    return indexOf(finding) >= 0;
  }

  /**
   * {@return whether images of a finding are used in training; others are at most evaluated}
   *
   * @param finding of an image
   */
  public boolean trainsOn(Finding finding) {
    int label = indexOf(finding);
    return isAnomaly() ? label == 0 : label >= 0;
  }

  /**
   * Converts a finding to a class.
   *
   * @param finding that this task {@link #includes}
   * @return its index in {@link #classes()}
   * @throws IllegalArgumentException if the task does not include the finding
   */
  public int label(Finding finding) {
    int label = indexOf(finding);
    if (label < 0) {
      throw new IllegalArgumentException(
          "expected a finding of the task %s, found %s: filter findings with Task.includes"
              .formatted(this, finding));
    }
    return label;
  }

  /** A pneumonia of a stated cause is also a PNEUMONIA. */
  private int indexOf(Finding finding) {
    int index = classes.indexOf(finding.name());
    if (index < 0 && finding.isPneumonia()) {
      index = classes.indexOf(Finding.PNEUMONIA.name());
    }
    return index < 0 && isAnomaly() ? 1 : index;
  }

  /**
   * {@return whether a finding belongs to the positive class}
   *
   * @param finding that this task {@link #includes}
   */
  public boolean isPositive(Finding finding) {
    int positive = classes.indexOf(positiveClass);
    int label = label(finding);
    return positive < 0 ? label > 0 : label == positive;
  }

  /**
   * {@return the probability of the positive class}
   *
   * @param probabilities of {@link #classes()}, in order
   */
  public double positiveProbability(double[] probabilities) {
    int positive = classes.indexOf(positiveClass);
    return positive < 0 ? 1 - probabilities[0] : probabilities[positive];
  }

  /** {@return the name} */
  @Override
  public String toString() {
    return name;
  }

  static final class Json extends TypeAdapter<Task> {

    private static final Gson GSON = new Gson();

    private record Fields(String name, List<String> classes, String positiveClass) {}

    @Override
    public void write(JsonWriter out, Task task) throws IOException {
      if (!task.isOwn()) {
        out.value(task.name);
      } else {
        GSON.toJson(new Fields(task.name, task.classes, task.positiveClass), Fields.class, out);
      }
    }

    @Override
    public Task read(JsonReader in) throws IOException {
      JsonElement json = JsonParser.parseReader(in);
      try {
        if (json.isJsonPrimitive()) {
          return forName(json.getAsString());
        }
        Fields fields = GSON.fromJson(json, Fields.class);
        if (!List.of(CLASSIFICATION, ANOMALY_NAME).contains(fields.name)) {
          throw new JsonParseException("the task " + json);
        }
        return new Task(fields.name, fields.classes, Objects.requireNonNull(fields.positiveClass));
      } catch (IllegalArgumentException | NullPointerException e) {
        throw new JsonParseException("the task " + json + ": " + e.getMessage());
      }
    }
  }
}
