package dev.cxr.models.bundle;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import dev.cxr.data.index.ClassNames;
import dev.cxr.data.index.DatasetOptions;
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
 * @param task what the model predicts
 * @param architecture the network or composition, as text of a {@link
 *     dev.cxr.models.composition.ModelSpec}
 * @param input side, mean and std of the input
 * @param resize how an image is resized to that side: {@value #RESIZE}
 * @param presentation how values of a DICOM file become gray; null in bundles of version 0.2 and
 *     earlier
 * @param classes the class names, in the order of the probabilities
 * @param positiveClass the class whose probability is compared with the threshold
 * @param threshold the operating threshold
 * @param temperature divides the logits before they become probabilities
 * @param data the training data
 * @param recipe the resolved recipe, from which the training can be repeated
 * @param epoch the epoch of the weights, counted from 1
 * @param versions software versions of the training
 * @param validationMetrics metrics on the validation split
 * @param knnIndex the k-nearest-neighbours index that replaces the last layer; null without one
 * @param calibration calibration on a site; null if the operating point is that of training
 * @param quantization the int8 variant in the bundle; null without one
 */
public record Manifest(
    int formatVersion,
    String name,
    Task task,
    String architecture,
    InputSpec input,
    String resize,
    @Nullable String presentation,
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
    @Nullable SiteCalibration calibration,
    @Nullable Quantization quantization) {

  /**
   * The manifest of the same network with a k-nearest-neighbours index.
   *
   * @param newName of the model that votes
   * @param newData the data of network and examples
   * @param newThreshold on the shares of the votes
   * @param newValidationMetrics metrics of the votes on the validation split
   * @param newIndex the index
   * @return the manifest of the derived model
   */
  public Manifest withKnnIndex(
      KnnIndex newIndex,
      String newName,
      DatasetInfo newData,
      OperatingThreshold newThreshold,
      JsonElement newValidationMetrics) {
    return copyWith(newName, newData, newThreshold, 1, newValidationMetrics, newIndex, null, null);
  }

  /**
   * The manifest of the same network with an operating point fitted to a site.
   *
   * @param newName of the model at that operating point
   * @param newThreshold on the probabilities at {@code newTemperature}
   * @param newCalibration how both were fitted
   * @param newTemperature the temperature fitted on the site
   * @return the manifest of the derived model
   */
  public Manifest withCalibration(
      SiteCalibration newCalibration,
      String newName,
      OperatingThreshold newThreshold,
      double newTemperature) {
    return copyWith(
        newName,
        data,
        newThreshold,
        newTemperature,
        validationMetrics,
        knnIndex,
        newCalibration,
        null);
  }

  /**
   * The manifest of the same model with an int8 variant beside it.
   *
   * @param newQuantization the variant
   * @return the manifest of the derived bundle
   */
  public Manifest withQuantization(Quantization newQuantization) {
    return copyWith(
        name,
        data,
        threshold,
        temperature,
        validationMetrics,
        knnIndex,
        calibration,
        newQuantization);
  }

  /** The same network and training. */
  private Manifest copyWith(
      String newName,
      DatasetInfo newData,
      OperatingThreshold newThreshold,
      double newTemperature,
      JsonElement newValidationMetrics,
      @Nullable KnnIndex newIndex,
      @Nullable SiteCalibration newCalibration,
      @Nullable Quantization newQuantization) {
    return new Manifest(
        formatVersion,
        newName,
        task,
        architecture,
        input,
        resize,
        presentation,
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
        newCalibration,
        newQuantization);
  }

  /** The version that is written; version 1 is read too. */
  public static final int FORMAT_VERSION = 2;

  /** Antialiased bilinear, aspect ratio not kept: {@link dev.cxr.data.image.Resampler}. */
  public static final String RESIZE = "antialiased-bilinear";

  /** By name, because nullness annotations are not retained where a server loads a bundle. */
  private static final Set<String> OPTIONAL =
      Set.of("knnIndex", "calibration", "quantization", "classNames", "presentation", "window");

  static final Gson GSON = new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  /**
   * The training data; nothing in it identifies a patient.
   *
   * @param name of the dataset
   * @param synthetic whether it is synthetic, so that results say nothing about medicine
   * @param splitRule how the validation split was chosen, in words
   * @param validationRule the rule that reproduces the validation split
   * @param splits size and fingerprint of the {@code train} and the {@code validation} split
   * @param classNames the classes of the dataset; null if they are the built-in findings
   * @param window which of several windows of a DICOM file is applied; null for the first
   */
  public record DatasetInfo(
      String name,
      boolean synthetic,
      String splitRule,
      ValidationSplitRule validationRule,
      Map<String, SplitData> splits,
      @Nullable ClassNames classNames,
      @Nullable Integer window) {

    /** {@return how to read a dataset for the model} */
    public DatasetOptions options() {
      return DatasetOptions.of(
          validationRule, classNames == null ? ClassNames.BUILT_IN : classNames, windowNumber());
    }

    /** {@return which of several windows of a DICOM file is applied, from 1} */
    public int windowNumber() {
      return window == null ? 1 : window;
    }
  }

  /**
   * One split.
   *
   * @param count the number of images
   * @param perClass the number of images of each class
   * @param fingerprint identifies pixels and labels
   */
  public record SplitData(int count, Map<String, Integer> perClass, String fingerprint) {}

  /** Versions of cxr (with its git commit), DJL, PyTorch and Java. */
  public record Versions(String cxr, String gitCommit, String djl, String pytorch, String java) {}

  /** {@return the file of the weights, as DJL names it} */
  String parametersFile() {
    return String.format(Locale.ROOT, "%s-%04d.params", name, epoch);
  }

  String toJson() {
    return GSON.toJson(this) + "\n";
  }

  /**
   * Parses a manifest of format version 1 or 2.
   *
   * @throws JsonParseException if the format version is unknown, a key is missing or a value
   *     invalid
   * @throws IllegalStateException if it is not a JSON object
   */
  static Manifest fromJson(String json) {
    JsonObject object = JsonParser.parseString(json).getAsJsonObject();
    JsonElement version = object.get("formatVersion");
    if (new JsonPrimitive(ManifestFormat1.VERSION).equals(version)) {
      ManifestFormat1.upgrade(object);
    } else if (!new JsonPrimitive(FORMAT_VERSION).equals(version)) {
      throw new JsonParseException("format version " + version);
    }
    requireComponents(object, Manifest.class);
    return bind(object);
  }

  /** Gson would leave null or zero for missing keys. */
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

  /** Gson wraps an exception of a record's constructor in a RuntimeException. */
  private static Manifest bind(JsonObject object) {
    try {
      return GSON.fromJson(object, Manifest.class);
    } catch (RuntimeException e) {
      Throwable reason = e.getCause() == null ? e : e.getCause();
      throw new JsonParseException(reason.toString(), e);
    }
  }
}
