package dev.cxr.reproduction.results;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.files.Sha256;
import dev.cxr.data.index.Finding;
import dev.cxr.data.index.Split;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.bundle.Manifest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/**
 * Takes from an evaluation what RESULTS.md needs, and nothing that names a picture or a patient.
 */
public final class ResultCollector {

  private static final long MAX_FILE_SIZE = 64L << 20;

  /** Of the metrics.json that is read. */
  private static final int METRICS_SCHEMA_VERSION = 2;

  private static final String REPORT = "report.json";

  private ResultCollector() {}

  /**
   * Fills an empty folder with {@code result.json} and {@code recipe.yaml}.
   *
   * @param bundle that was judged
   * @param evaluation the folder that {@code evaluate} wrote
   * @param run the folder that {@code train} wrote, for its report.json
   * @throws UserErrorException if the evaluation or the run is of another bundle, or something is
   *     missing
   */
  public static void write(Bundle bundle, Path evaluation, Optional<Path> run, Path folder)
      throws IOException {
    Path file = evaluation.resolve("metrics.json");
    try {
      JsonObject recipe = withoutPaths(bundle.manifest().recipe().getAsJsonObject());
      StoredResult result = result(bundle, recipe, json(file), evaluation, run);
      Files.writeString(folder.resolve(StoredResult.FILE), StoredResult.GSON.toJson(result) + "\n");
      // JSON is YAML: `train --recipe` reads it.
      Files.writeString(
          folder.resolve(StoredResult.RECIPE_FILE), StoredResult.GSON.toJson(recipe) + "\n");
    } catch (JsonParseException
        | IllegalStateException
        | NullPointerException
        | UnsupportedOperationException
        | IllegalArgumentException e) {
      throw UserErrorException.of(
          "an evaluation as this version writes it, of a bundle of a recipe",
          "%s, in which something is missing or other: %s".formatted(file, e.getMessage()),
          "Evaluate the bundle again.");
    }
  }

  private static StoredResult result(
      Bundle bundle, JsonObject recipe, JsonObject metrics, Path evaluation, Optional<Path> run)
      throws IOException {
    Manifest manifest = bundle.manifest();
    int version = metrics.get("schemaVersion").getAsInt();
    if (version != METRICS_SCHEMA_VERSION) {
      throw new IllegalArgumentException("schema version " + version);
    }
    String evaluatedBundle = metrics.getAsJsonObject("bundle").get("id").getAsString();
    if (!evaluatedBundle.equals(bundle.id())) {
      throw UserErrorException.of(
          "an evaluation of bundle " + bundle.id(),
          "one of bundle %s in %s".formatted(evaluatedBundle, evaluation),
          "Give the bundle that was judged.");
    }
    JsonObject data = metrics.getAsJsonObject("data");
    double threshold = metrics.getAsJsonObject("settings").get("threshold").getAsDouble();
    if (threshold != manifest.threshold().value()) {
      throw UserErrorException.of(
          "an evaluation at the bundle's own threshold",
          "one at another in " + evaluation,
          "Leave --threshold away.");
    }
    String split = data.get("split").getAsString();
    return new StoredResult(
        StoredResult.SCHEMA_VERSION,
        "Research software, not a medical device.",
        new StoredResult.Recipe(
            recipe.get("name").getAsString(),
            recipe.get("task").getAsString(),
            recipe.get("architecture").getAsString(),
            recipe.get("side").getAsInt(),
            recipe.get("seed").getAsLong(),
            recipe.get("epochs").getAsInt(),
            variant(recipe),
            weights(recipe)),
        new StoredResult.BundleInfo(
            bundle.id(),
            manifest.architecture(),
            manifest.epoch(),
            manifest.data().name(),
            manifest.threshold(),
            manifest.temperature(),
            manifest.versions().cxr(),
            manifest.versions().gitCommit(),
            manifest.knnIndex(),
            manifest.calibration()),
        run.isEmpty() ? null : runFacts(bundle, run.get()),
        new StoredResult.Data(
            data.get("name").getAsString(),
            data.get("synthetic").getAsBoolean() || manifest.data().synthetic(),
            split,
            data.get("pictures").getAsInt(),
            data.get("patients").getAsInt(),
            data.get("fingerprint").getAsString(),
            data.get("validationPictures").getAsInt()),
        metrics(metrics.getAsJsonObject("figures")),
        validation(metrics.getAsJsonObject("figures")),
        negatives(bundle, evaluation.resolve("predictions.csv"), metrics));
  }

  private static JsonObject json(Path file) throws IOException {
    if (!Files.isRegularFile(file) || Files.size(file) > MAX_FILE_SIZE) {
      throw UserErrorException.of(
          "a file of at most 64 MiB at " + file,
          Files.isRegularFile(file) ? "one of %d bytes".formatted(Files.size(file)) : "none",
          "Name the folder that was written.");
    }
    return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
  }

  private static Map<String, StoredMetric> metrics(JsonObject figures) {
    JsonObject binary = figures.getAsJsonObject("binary");
    Map<String, StoredMetric> stored = new LinkedHashMap<>();
    for (String name : List.of("accuracy", "auroc", "recall", "specificity", "precision", "f1")) {
      stored.put(name, StoredMetric.of(binary.getAsJsonObject(name)));
    }
    JsonObject classes = figures.getAsJsonObject("classes");
    if (classes.getAsJsonArray("classes").size() > 2) {
      stored.put("classesAccuracy", StoredMetric.of(classes.getAsJsonObject("accuracy")));
    }
    if (figures.get("stages") instanceof JsonObject stages) {
      stored.put(
          "causeAuroc", StoredMetric.of(stages.getAsJsonObject("cause").getAsJsonObject("auroc")));
    }
    return stored;
  }

  /** Those of validation; none where it was validation that was judged. */
  private static Map<String, StoredMetric> validation(JsonObject figures) {
    Map<String, StoredMetric> stored = new LinkedHashMap<>();
    if (figures.get("promised") instanceof JsonObject promised) {
      promised.entrySet().stream()
          .filter(entry -> entry.getValue() instanceof JsonObject)
          .forEach(
              entry ->
                  stored.put(entry.getKey(), StoredMetric.of(entry.getValue().getAsJsonObject())));
    }
    return stored;
  }

  /** Where pretrained weights lay on one machine is nothing to keep; their name is. */
  private static JsonObject withoutPaths(JsonObject recipe) {
    JsonObject stored = recipe.deepCopy();
    if (stored.get("weights") instanceof JsonObject weights && weights.has("from")) {
      String from = weights.get("from").getAsString();
      if (!from.contains("://")) {
        weights.addProperty("from", from.substring(from.replace('\\', '/').lastIndexOf('/') + 1));
      }
    }
    return stored;
  }

  private static String variant(JsonObject recipe) {
    JsonObject common = recipe.deepCopy();
    common.remove("seed");
    return Sha256.hex(common.toString()).substring(0, 12);
  }

  private static StoredResult.@Nullable Weights weights(JsonObject recipe) {
    if (!(recipe.get("weights") instanceof JsonObject weights)) {
      return null;
    }
    JsonElement sha256 = weights.get("sha256");
    return new StoredResult.Weights(
        weights.get("from").getAsString(),
        sha256 == null || sha256.getAsString().equals("none") ? null : sha256.getAsString());
  }

  private static StoredResult.RunInfo runFacts(Bundle bundle, Path run) throws IOException {
    String bundleOfRun = Bundle.open(run.resolve("bundle")).id();
    if (!bundleOfRun.equals(bundle.id())) {
      throw UserErrorException.of(
          "the run that left bundle " + bundle.id(),
          "one that left bundle %s: %s".formatted(bundleOfRun, run),
          "Give the run of the bundle that was judged.");
    }
    List<JsonObject> reports = new ArrayList<>();
    for (Path file : reports(run)) {
      reports.add(json(file));
    }
    return new StoredResult.RunInfo(
        reports.get(0).get("device").getAsString(),
        reports.stream().mapToDouble(report -> time(report).get("seconds").getAsDouble()).sum(),
        1 + reports.stream().mapToInt(report -> time(report).get("starts").getAsInt() - 1).sum(),
        reports.stream()
            .map(report -> report.get("peakMebibytes"))
            .filter(peak -> peak != null && !peak.isJsonNull())
            .map(JsonElement::getAsLong)
            .max(Comparator.naturalOrder())
            .orElse(null));
  }

  private static JsonObject time(JsonObject report) {
    return report.getAsJsonObject("time");
  }

  /** A run's own, or, of a cascade, those of its steps, which are runs themselves. */
  private static List<Path> reports(Path run) throws IOException {
    Path own = run.resolve(REPORT);
    if (Files.isRegularFile(own)) {
      return List.of(own);
    }
    try (Stream<Path> folders = Files.list(run)) {
      List<Path> steps =
          folders
              .map(folder -> folder.resolve(REPORT))
              .filter(Files::isRegularFile)
              .sorted()
              .toList();
      if (steps.isEmpty()) {
        throw UserErrorException.of(
            "a report.json in the run, or in its steps",
            "none in " + run,
            "Leave --run away if it is gone: time and memory are then not kept.");
      }
      return steps;
    }
  }

  /** None where all of a collection was judged, whose rows are of several splits. */
  private static List<StoredResult.NegativeScores> negatives(
      Bundle bundle, Path predictions, JsonObject metrics) throws IOException {
    JsonObject data = metrics.getAsJsonObject("data");
    String evaluatedSplit = data.get("split").getAsString();
    if (Arrays.stream(Split.values()).noneMatch(split -> split.toString().equals(evaluatedSplit))) {
      return List.of();
    }
    Map<String, Integer> expected = new LinkedHashMap<>();
    expected.put(Split.VALIDATION.toString(), data.get("validationPictures").getAsInt());
    expected.put(evaluatedSplit, data.get("pictures").getAsInt());
    Map<String, Integer> found = new LinkedHashMap<>();
    Map<String, List<Double>> bySplit = new LinkedHashMap<>();
    for (String split : expected.keySet()) {
      found.put(split, 0);
      bySplit.put(split, new ArrayList<>());
    }
    Manifest manifest = bundle.manifest();
    for (CSVRecord row : rows(predictions)) {
      String split = row.get("split");
      List<Double> scores = bySplit.get(split);
      if (scores != null) {
        found.merge(split, 1, Integer::sum);
        if (!manifest.task().isPositive(Finding.valueOf(row.get("finding")))) {
          scores.add(score(manifest, row));
        }
      }
    }
    double threshold = manifest.threshold().value();
    List<StoredResult.NegativeScores> negatives =
        bySplit.entrySet().stream()
            .filter(e -> !e.getValue().isEmpty())
            .map(e -> negatives(e.getKey(), e.getValue(), threshold))
            .toList();
    if (!found.equals(expected) || !specificityMatches(negatives, metrics, evaluatedSplit)) {
      throw UserErrorException.of(
          "the predictions that the figures of metrics.json follow from",
          "others in %s: %s rows, not %s, or another specificity"
              .formatted(predictions, found, expected),
          "Evaluate the bundle again.");
    }
    return negatives;
  }

  private static double score(Manifest manifest, CSVRecord row) {
    return manifest
        .task()
        .positiveProbability(
            manifest.classes().stream()
                .mapToDouble(name -> Double.parseDouble(row.get("p_" + name)))
                .toArray());
  }

  private static boolean specificityMatches(
      List<StoredResult.NegativeScores> negatives, JsonObject metrics, String split) {
    JsonObject reported =
        metrics.getAsJsonObject("figures").getAsJsonObject("binary").getAsJsonObject("specificity");
    return negatives.stream()
        .filter(own -> own.split().equals(split) && reported.has("value"))
        .allMatch(own -> own.specificity() == reported.get("value").getAsDouble());
  }

  private static List<CSVRecord> rows(Path predictions) throws IOException {
    CSVFormat format = CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get();
    try (CSVParser rows = CSVParser.parse(predictions, StandardCharsets.UTF_8, format)) {
      return rows.getRecords();
    } catch (UncheckedIOException | CharacterCodingException | CSVException e) {
      throw UserErrorException.of(
          "the predictions.csv that `evaluate` wrote",
          "%s: %s".formatted(predictions, e.getMessage()),
          "Evaluate the bundle again.");
    }
  }

  private static StoredResult.NegativeScores negatives(
      String split, List<Double> scores, double threshold) {
    double[] sorted = scores.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return new StoredResult.NegativeScores(
        split,
        sorted.length,
        quantile(sorted, 0.25),
        quantile(sorted, 0.5),
        quantile(sorted, 0.75),
        Arrays.stream(sorted).filter(score -> score < threshold).count() / (double) sorted.length);
  }

  /** Between neighbours in a straight line, as R and NumPy do by default. */
  private static double quantile(double[] sorted, double share) {
    double at = share * (sorted.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }
}
