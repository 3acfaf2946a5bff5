package dev.cxr.reproduction.results;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
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
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of one bundle's evaluation: {@code result.json}. It names no picture and no patient.
 *
 * @param schemaVersion {@value #SCHEMA_VERSION}
 * @param recipe what it was trained by
 * @param bundle which it is
 * @param run how long training took; null where the run left no report.json
 * @param data what it was judged on
 * @param figures by name, those of {@link #METRIC_ORDER}
 * @param promised those of the same model on validation; null where they were not kept
 * @param negatives how the pictures without the finding were scored, on validation and where it was
 *     judged
 */
record StoredResult(
    int schemaVersion,
    String disclaimer,
    Recipe recipe,
    BundleInfo bundle,
    @Nullable RunInfo run,
    Data data,
    Map<String, StoredMetric> figures,
    @Nullable Map<String, StoredMetric> promised,
    List<NegativeScores> negatives) {

  static final int SCHEMA_VERSION = 2;
  static final String FILE = "result.json";

  /** The resolved recipe, beside {@value #FILE}. */
  static final String RECIPE_FILE = "recipe.yaml";

  /** Stands where something is missing. */
  static final String NOT_STORED = "not kept";

  /** Figures, as a table shows them. */
  private static final Map<String, String> METRIC_LABELS =
      Map.ofEntries(
          Map.entry("accuracy", "accuracy"),
          Map.entry("auroc", "AUROC"),
          Map.entry("recall", "sensitivity, recall"),
          Map.entry("specificity", "specificity"),
          Map.entry("precision", "precision"),
          Map.entry("f1", "F1"),
          Map.entry("classesAccuracy", "accuracy of three classes"),
          Map.entry("causeAuroc", "AUROC of bacterial against viral"));

  /** The names of all figures, in the order of a table. */
  static final List<String> METRIC_ORDER =
      List.of(
          "accuracy",
          "auroc",
          "recall",
          "specificity",
          "precision",
          "f1",
          "classesAccuracy",
          "causeAuroc");

  static final Gson GSON = new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  private static final long MAX_FILE_SIZE = 1 << 20;

  /**
   * What a bundle was trained by.
   *
   * @param variant identifies all of the recipe but its seed
   * @param weights the published weights it began with, by file name and checksum; null if none
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
   * Published weights.
   *
   * @param file its name
   * @param sha256 null where it was not kept
   */
  record Weights(String file, @Nullable String sha256) {

    Weights {
      requireAll(file);
    }
  }

  /**
   * Which bundle it is.
   *
   * @param epoch whose weights it has
   * @param learnedFrom the collection; null where it was not kept
   * @param temperature its logits are divided by; null where it was not kept
   * @param index by which training pictures vote; null where its network's last layer answers
   * @param calibration on a site; null where it is the bundle that training left
   */
  record BundleInfo(
      String id,
      String architecture,
      int epoch,
      @Nullable String learnedFrom,
      OperatingThreshold threshold,
      @Nullable Double temperature,
      String cxr,
      String gitCommit,
      @Nullable KnnIndex index,
      @Nullable SiteCalibration calibration) {

    BundleInfo {
      requireAll(id, architecture, threshold, cxr, gitCommit);
    }
  }

  /** Of report.json, of a cascade of its steps': {@code seconds} are over all starts. */
  record RunInfo(String device, double seconds, int starts, @Nullable Long peakMebibytes) {

    private static final Pattern THREADS = Pattern.compile(", (\\d{1,4}) threads?$");

    RunInfo {
      requireAll(device);
      if (!(seconds >= 0 && seconds < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("a run of %s seconds".formatted(seconds));
      }
    }

    /** How many threads it learned with, where the device tells it. */
    OptionalInt threads() {
      Matcher matcher = THREADS.matcher(device);
      return matcher.find()
          ? OptionalInt.of(Integer.parseInt(matcher.group(1)))
          : OptionalInt.empty();
    }

    /** How long it took, as a table shows it. */
    String time() {
      long minutes = Math.round(seconds / 60);
      String time =
          minutes >= 60
              ? "%d h %d min".formatted(minutes / 60, minutes % 60)
              : seconds >= 60
                  ? "%d min".formatted(minutes)
                  : String.format(Locale.ROOT, "%.0f s", seconds);
      return starts > 1 ? "%s in %d starts".formatted(time, starts) : time;
    }

    /** The most memory, as a table shows it. */
    String memory() {
      return peakMebibytes == null ? NOT_STORED : peakMebibytes + " MiB";
    }
  }

  /** What it was judged on. */
  record Data(
      String name,
      boolean synthetic,
      String split,
      int pictures,
      int patients,
      String fingerprint,
      int validationPictures) {

    Data {
      requireAll(name, split, fingerprint);
    }
  }

  /**
   * The pictures of one split that are not of the positive class.
   *
   * @param lowerQuartile of the probability of the positive class
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
    requireAll(recipe, bundle, data, figures, negatives);
    requireAll(figures.values().toArray());
    requireAll(negatives.toArray());
    if (promised != null) {
      requireAll(promised.values().toArray());
    }
    if (schemaVersion != SCHEMA_VERSION) {
      throw new IllegalArgumentException("schema version " + schemaVersion);
    }
  }

  private static void requireAll(@Nullable Object... parts) {
    for (Object part : parts) {
      Objects.requireNonNull(part, "something is missing");
    }
  }

  /**
   * Reads what {@code collect} wrote.
   *
   * @throws UserErrorException if it is something else
   */
  static StoredResult read(Path file) throws IOException {
    try {
      if (Files.size(file) > MAX_FILE_SIZE) {
        throw new JsonParseException("more than 1 MiB of it");
      }
      StoredResult result = GSON.fromJson(Files.readString(file), StoredResult.class);
      if (result == null) {
        throw new JsonParseException("nothing in it");
      }
      return result;
    } catch (CharacterCodingException | RuntimeException e) {
      // Gson wraps what a record's own check throws in a bare one.
      Throwable reason = e.getCause() == null ? e : e.getCause();
      throw UserErrorException.of(
          "a result that `collect` wrote, of schema version " + SCHEMA_VERSION,
          "another file, %s: %s".formatted(file, reason.getMessage()),
          "Collect it again.");
    }
  }

  /** What a figure is called in a table. */
  static String displayName(String figure) {
    return METRIC_LABELS.getOrDefault(figure, figure);
  }

  /** A figure by its name; one that was not kept says so. */
  StoredMetric metric(String name) {
    return figures.getOrDefault(name, StoredMetric.NOT_STORED);
  }

  /** The same figure on validation; empty where none of validation's were kept. */
  Optional<StoredMetric> promised(String name) {
    return Optional.ofNullable(promised)
        .map(figures -> figures.getOrDefault(name, StoredMetric.NOT_STORED));
  }

  /** The collection that it learned from, which was the judged one where it was not kept. */
  String trainedOn() {
    return Objects.requireNonNullElse(bundle.learnedFrom(), data.name());
  }

  /** Whether it is of real pictures of a test split, as are reports and goals. */
  boolean isComparable() {
    return !data.synthetic() && data.split().equals(Split.TEST.toString());
  }

  /** Whether its operating point is that of a site. */
  boolean isCalibrated() {
    return bundle.calibration() != null;
  }

  /** Whether training pictures vote in place of its network's last layer. */
  boolean isKnn() {
    return bundle.index() != null;
  }

  /** How many bundles the judged one is the mean of; 1 if it is none. */
  int members() {
    return ModelSpec.parse(bundle.architecture()) instanceof ModelSpec.EnsembleSpec mean
        ? mean.members().size()
        : 1;
  }

  /** The recipe's name, and what was made of its bundle. */
  String displayName() {
    String name = recipe.name();
    if (members() > 1) {
      name += ", ensemble of " + members();
    }
    KnnIndex index = bundle.index();
    return index == null ? name : name + ", neighbours by " + readableName(index.features());
  }

  /** A constant as people and options write it. */
  static String readableName(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** What all results have in common that may be averaged: they differ in their seed alone. */
  String seedGroupKey() {
    KnnIndex index = bundle.index();
    SiteCalibration calibration = bundle.calibration();
    return String.join(
        " ",
        displayName(),
        recipe.variant(),
        data.split(),
        data.fingerprint(),
        index == null ? "" : "%s %s".formatted(index.distance(), index.vote().weighting()),
        calibration == null ? "" : "site " + calibration.method());
  }
}
