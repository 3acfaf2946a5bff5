package dev.cxr.reproduction.results;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.index.Split;
import dev.cxr.models.bundle.OperatingThreshold;
import dev.cxr.models.bundle.SiteCalibration;
import dev.cxr.models.composition.ModelSpec;
import dev.cxr.models.knn.KnnIndex;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The stored result of one bundle's evaluation: {@code result.json}. Names no image and no patient.
 *
 * @param schemaVersion {@value #SCHEMA_VERSION}
 * @param recipe the recipe of the training run
 * @param bundle the evaluated bundle
 * @param run time and memory of the training run; null if it is not stored
 * @param data the evaluated images
 * @param metrics by the names of {@link #METRICS}
 * @param validation the same on validation; null if they are not stored
 * @param negatives how the images of the negative class are scored, on validation and on the
 *     evaluated split
 */
record StoredResult(
    int schemaVersion,
    String disclaimer,
    Recipe recipe,
    BundleInfo bundle,
    @Nullable RunInfo run,
    Data data,
    Map<String, StoredMetric> metrics,
    @Nullable Map<String, StoredMetric> validation,
    List<NegativeScores> negatives) {

  static final int SCHEMA_VERSION = 3;
  static final String FILE = "result.json";

  /** The resolved recipe, beside {@value #FILE}. */
  static final String RECIPE_FILE = "recipe.yaml";

  static final String NOT_STORED = "not stored";

  /** The metrics that are stored, in the order of a table, with their labels. */
  static final Map<String, String> METRICS = metricLabels();

  static final Gson GSON = new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  private static final long MAX_FILE_SIZE = 1 << 20;

  private static Map<String, String> metricLabels() {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put("accuracy", "accuracy");
    labels.put("auroc", "AUROC");
    labels.put("recall", "sensitivity");
    labels.put("specificity", "specificity");
    labels.put("precision", "precision");
    labels.put("f1", "F1");
    labels.put("multiClassAccuracy", "three-class accuracy");
    labels.put("bacterialVsViralAuroc", "bacterial vs viral AUROC");
    return Collections.unmodifiableMap(labels);
  }

  /**
   * The recipe of the training run.
   *
   * @param variant identifies the recipe without its seed
   * @param weights the pretrained weights; null if none
   */
  record Recipe(
      String name,
      String task,
      String architecture,
      int side,
      long seed,
      int epochs,
      String variant,
      @Nullable Weights weights) {

    Recipe {
      requireAll(name, task, architecture, variant);
    }
  }

  /**
   * Pretrained weights.
   *
   * @param file its name
   * @param sha256 null if it is not stored
   */
  record Weights(String file, @Nullable String sha256) {

    Weights {
      requireAll(file);
    }
  }

  /**
   * The evaluated bundle.
   *
   * @param epoch the epoch of its weights
   * @param trainedOn name of the training dataset; null if it is not stored
   * @param temperature divides its logits; null if it is not stored
   * @param knnIndex of a KNN bundle, else null
   * @param calibration on a site; null for an uncalibrated bundle
   */
  record BundleInfo(
      String id,
      String architecture,
      int epoch,
      @Nullable String trainedOn,
      OperatingThreshold threshold,
      @Nullable Double temperature,
      String cxr,
      String gitCommit,
      @Nullable KnnIndex knnIndex,
      @Nullable SiteCalibration calibration) {

    BundleInfo {
      requireAll(id, architecture, threshold, cxr, gitCommit);
    }
  }

  /** From report.json, for a cascade summed over its steps: {@code seconds} over all starts. */
  record RunInfo(String device, double seconds, int starts, @Nullable Long peakMebibytes) {

    private static final Pattern THREADS = Pattern.compile(", (\\d{1,4}) threads?$");

    RunInfo {
      requireAll(device);
      if (!(seconds >= 0 && seconds < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("a run of %s seconds".formatted(seconds));
      }
    }

    /** Number of training threads, if the device names it. */
    OptionalInt threads() {
      Matcher matcher = THREADS.matcher(device);
      return matcher.find()
          ? OptionalInt.of(Integer.parseInt(matcher.group(1)))
          : OptionalInt.empty();
    }
  }

  /** The evaluated images. */
  record Data(
      String name,
      boolean synthetic,
      String split,
      int images,
      int patients,
      String fingerprint,
      int validationImages) {

    Data {
      requireAll(name, split, fingerprint);
    }
  }

  /**
   * Scores of the images of the negative class in one split.
   *
   * @param lowerQuartile of the positive probability
   * @param specificity the share below the threshold
   */
  record NegativeScores(
      String split,
      int n,
      double lowerQuartile,
      double median,
      double upperQuartile,
      double specificity) {

    NegativeScores {
      requireAll(split);
    }
  }

  StoredResult {
    requireAll(recipe, bundle, data, metrics, negatives);
    requireAll(metrics.values().toArray());
    requireAll(negatives.toArray());
    if (validation != null) {
      requireAll(validation.values().toArray());
    }
  }

  private static void requireAll(@Nullable Object... parts) {
    for (Object part : parts) {
      Objects.requireNonNull(part, "something is missing");
    }
  }

  /**
   * Reads a file that {@code collect} wrote, of this or the previous schema version.
   *
   * @throws UserErrorException if it is another file
   */
  static StoredResult read(Path file) throws IOException {
    try {
      if (Files.size(file) > MAX_FILE_SIZE) {
        throw new JsonParseException("larger than 1 MiB");
      }
      JsonObject json = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
      int version = json.get("schemaVersion").getAsInt();
      if (version == ResultSchema2.VERSION) {
        ResultSchema2.upgrade(json);
      } else if (version != SCHEMA_VERSION) {
        throw new JsonParseException("schema version " + version);
      }
      return GSON.fromJson(json, StoredResult.class);
    } catch (CharacterCodingException | RuntimeException e) {
      // Gson wraps what a record's own check throws in a bare one.
      Throwable reason = e.getCause() == null ? e : e.getCause();
      throw UserErrorException.of(
          "a result that `collect` wrote, of schema version %d or %d"
              .formatted(ResultSchema2.VERSION, SCHEMA_VERSION),
          "another file, %s: %s".formatted(file, reason.getMessage()),
          "Collect it again.");
    }
  }

  /** A metric by its name; {@link StoredMetric#NOT_STORED} if it is missing. */
  StoredMetric metric(String name) {
    return metrics.getOrDefault(name, StoredMetric.NOT_STORED);
  }

  /** The metric on validation. */
  StoredMetric validation(String name) {
    return Objects.requireNonNullElse(validation, Map.<String, StoredMetric>of())
        .getOrDefault(name, StoredMetric.NOT_STORED);
  }

  /** The training dataset; where it is not stored, it was the evaluated one. */
  String trainedOn() {
    return Objects.requireNonNullElse(bundle.trainedOn(), data.name());
  }

  /** Whether it can be compared with reports and goals: real images of a test split. */
  boolean isComparable() {
    return !data.synthetic() && data.split().equals(Split.TEST.toString());
  }

  boolean isCalibrated() {
    return bundle.calibration() != null;
  }

  boolean isKnn() {
    return bundle.knnIndex() != null;
  }

  /** How many bundles an ensemble has; 1 for a single model. */
  int members() {
    return ModelSpec.parse(bundle.architecture()).memberCount();
  }

  /** The name of the recipe, and what its bundle was made into. */
  String name() {
    String name = recipe.name();
    if (members() > 1) {
      name += ", ensemble of " + members();
    }
    KnnIndex index = bundle.knnIndex();
    return index == null ? name : name + ", KNN by " + readableName(index.features());
  }

  /** A constant as options write it. */
  static String readableName(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** Equal for results that differ only in their seed and may be averaged. */
  String seedGroupKey() {
    KnnIndex index = bundle.knnIndex();
    SiteCalibration calibration = bundle.calibration();
    return String.join(
        " ",
        name(),
        recipe.variant(),
        data.split(),
        data.fingerprint(),
        index == null ? "" : "%s %s".formatted(index.distance(), index.vote().weighting()),
        calibration == null ? "" : "site " + calibration.method());
  }
}
