package dev.cxr.models.bundle;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import dev.cxr.data.index.Task;
import dev.cxr.data.index.ValidationSplitRule;
import dev.cxr.models.architecture.InputSpec;
import dev.cxr.models.knn.KnnIndex;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code bundle.json}: everything about a model that is not its weights.
 *
 * @param formatVersion {@value #FORMAT_VERSION}
 * @param name of the model, the prefix of its parameter file
 * @param task the question it answers
 * @param architecture its network's name, or what networks it is composed of: {@link
 *     dev.cxr.models.composition.ModelSpec}
 * @param input side, mean and std of what the network is fed
 * @param resize how a picture is brought to that side: {@value #RESIZE}
 * @param classes the class names, in the order of the probabilities
 * @param positiveClass the class whose probability is compared with the threshold
 * @param threshold the operating threshold
 * @param temperature what logits are divided by before they become probabilities
 * @param data what it learned from
 * @param recipe the resolved recipe, which can be run again
 * @param epoch the epoch whose weights these are, counted from 1
 * @param versions what it was made with
 * @param validationMetrics its figures on the validation split
 * @param knnIndex by which examples vote in place of the last layer; null where that layer answers
 * @param calibration on the pictures of a site; null where the operating point is that of training
 */
public record Manifest(
    int formatVersion,
    String name,
    Task task,
    String architecture,
    InputSpec input,
    String resize,
    List<String> classes,
    String positiveClass,
    OperatingThreshold threshold,
    double temperature,
    DatasetInfo data,
    JsonElement recipe,
    int epoch,
    Versions versions,
    JsonElement validationMetrics,
    @Nullable KnnIndex knnIndex,
    @Nullable SiteCalibration calibration) {

  /** Of a network whose last layer answers. */
  public Manifest(
      int formatVersion,
      String name,
      Task task,
      String architecture,
      InputSpec input,
      String resize,
      List<String> classes,
      String positiveClass,
      OperatingThreshold threshold,
      double temperature,
      DatasetInfo data,
      JsonElement recipe,
      int epoch,
      Versions versions,
      JsonElement validation) {
    this(
        formatVersion,
        name,
        task,
        architecture,
        input,
        resize,
        classes,
        positiveClass,
        threshold,
        temperature,
        data,
        recipe,
        epoch,
        versions,
        validation,
        null,
        null);
  }

  /**
   * Of the same network, its classes being voted.
   *
   * @param newName of the model that votes
   * @param newData what network and examples come from
   * @param newThreshold on the shares of the votes
   * @param newValidationMetrics what the votes give on the validation split
   */
  public Manifest withKnnIndex(
      KnnIndex newIndex,
      String newName,
      DatasetInfo newData,
      OperatingThreshold newThreshold,
      JsonElement newValidationMetrics) {
    return copyWith(newName, newData, newThreshold, 1, newValidationMetrics, newIndex, null);
  }

  /**
   * Of the same network, its operating point being fitted to a site.
   *
   * @param newName of the model at that operating point
   * @param newThreshold on the probabilities at {@code newTemperature}
   * @param newCalibration how the two came about
   */
  public Manifest withCalibration(
      SiteCalibration newCalibration,
      String newName,
      OperatingThreshold newThreshold,
      double newTemperature) {
    return copyWith(
        newName, data, newThreshold, newTemperature, validationMetrics, knnIndex, newCalibration);
  }

  /** The same network, learned in the same way. */
  private Manifest copyWith(
      String newName,
      DatasetInfo newData,
      OperatingThreshold newThreshold,
      double newTemperature,
      JsonElement newValidationMetrics,
      @Nullable KnnIndex newIndex,
      @Nullable SiteCalibration newCalibration) {
    return new Manifest(
        formatVersion,
        newName,
        task,
        architecture,
        input,
        resize,
        classes,
        positiveClass,
        newThreshold,
        newTemperature,
        newData,
        recipe,
        epoch,
        versions,
        newValidationMetrics,
        newIndex,
        newCalibration);
  }

  /** The version that is written; version 1 is read too. */
  public static final int FORMAT_VERSION = 2;

  /** Antialiased bilinear, aspect ratio not kept: {@link dev.cxr.data.image.Resampler}. */
  public static final String RESIZE = "antialiased-bilinear";

  /** By name: where a server loads a bundle, annotations of nullness are not at hand. */
  private static final Set<String> OPTIONAL = Set.of("knnIndex", "calibration");

  static final Gson GSON = new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  /**
   * The data, without a word of any patient.
   *
   * @param name of the collection
   * @param synthetic whether it is drawn, so that results say nothing about medicine
   * @param splitRule how validation was chosen, in words
   * @param validationRule the rule, to draw the same validation split again
   * @param splits size and fingerprint of the {@code train} and the {@code validation} split
   */
  public record DatasetInfo(
      String name,
      boolean synthetic,
      String splitRule,
      ValidationSplitRule validationRule,
      Map<String, SplitData> splits) {}

  /**
   * One split.
   *
   * @param count how many pictures
   * @param perClass how many of each class
   * @param fingerprint identifies pixels and findings
   */
  public record SplitData(int count, Map<String, Integer> perClass, String fingerprint) {}

  /** Versions of cxr (with its git commit), DJL, PyTorch and Java. */
  public record Versions(String cxr, String gitCommit, String djl, String pytorch, String java) {}

  /** The file that holds the weights, as DJL names it. */
  String parametersFile() {
    return String.format(Locale.ROOT, "%s-%04d.params", name, epoch);
  }

  String toJson() {
    return GSON.toJson(this) + "\n";
  }

  /**
   * Reads a manifest.
   *
   * @throws JsonParseException if it is of another format version, lacks something or holds what
   *     cannot be
   * @throws IllegalStateException if it is no JSON object
   */
  static Manifest fromJson(String json) {
    JsonObject object = JsonParser.parseString(json).getAsJsonObject();
    JsonElement version = object.get("formatVersion");
    if (new JsonPrimitive(Format1.VERSION).equals(version)) {
      Format1.upgrade(object);
    } else if (!new JsonPrimitive(FORMAT_VERSION).equals(version)) {
      throw new JsonParseException("format version " + version);
    }
    requireComponents(object, Manifest.class);
    Manifest manifest = bind(object);
    if (manifest.task() == null) {
      throw new JsonParseException("the task " + object.get("task"));
    }
    return manifest;
  }

  /** Gson would leave null or zero where something is missing. */
  private static void requireComponents(JsonObject object, Class<?> type) {
    for (RecordComponent component : type.getRecordComponents()) {
      JsonElement value = object.get(component.getName());
      boolean isMissing = value == null || value.isJsonNull();
      if (isMissing && OPTIONAL.contains(component.getName())) {
        continue;
      }
      if (isMissing) {
        throw new JsonParseException("no '" + component.getName() + "'");
      }
      if (component.getType().isRecord() && value.isJsonObject()) {
        requireComponents(value.getAsJsonObject(), component.getType());
      }
    }
  }

  /** Gson wraps what a record's own check throws in a bare RuntimeException. */
  private static Manifest bind(JsonObject object) {
    try {
      return GSON.fromJson(object, Manifest.class);
    } catch (RuntimeException e) {
      Throwable reason = e.getCause() == null ? e : e.getCause();
      throw new JsonParseException(reason.toString(), e);
    }
  }
}
