package dev.cxr.reproduction.results;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.files.Sha256;
import dev.cxr.data.index.Finding;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.Task;
import dev.cxr.eval.evaluation.MetricsJson;
import dev.cxr.eval.prediction.PredictionFile;
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

/** Reduces an evaluation to what RESULTS.md needs, without the name of any image or patient. */
public final class ResultCollector {

  private static final long MAX_FILE_SIZE = 64L << 20;
  private static final String REPORT = "report.json";

  private final Bundle bundle;
  private final Path evaluation;
  private final JsonObject metrics;
  private final JsonObject data;

  private ResultCollector(Bundle bundle, Path evaluation, JsonObject metrics) {
    this.bundle = bundle;
    this.evaluation = evaluation;
    this.metrics = metrics;
    this.data = metrics.getAsJsonObject("data");
  }

  /**
   * Fills an empty folder with {@code result.json} and {@code recipe.yaml}.
   *
   * @param bundle the evaluated bundle
   * @param evaluation the folder that {@code evaluate} wrote
   * @param run the folder that {@code train} wrote, for its report.json
   * @param folder the empty folder to fill
   * @throws UserErrorException if the evaluation or the run is of another bundle, or something is
   *     missing
   * @throws IOException if a file cannot be read or written
   */
  public static void write(Bundle bundle, Path evaluation, Optional<Path> run, Path folder)
      throws IOException {
    Path file = evaluation.resolve("metrics.json");
    try {
      JsonObject recipe = withoutPaths(bundle.manifest().recipe().getAsJsonObject());
      StoredResult result =
          new ResultCollector(bundle, evaluation, MetricsJson.read(file)).result(recipe, run);
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
          "an evaluation by this version, of a bundle with a recipe",
          "%s, in which something is missing or different: %s".formatted(file, e.getMessage()),
          "Evaluate the bundle again.");
    }
  }

  private StoredResult result(JsonObject recipe, Optional<Path> run) throws IOException {
    Manifest manifest = bundle.manifest();
    requireMatchingEvaluation();
    JsonObject measured = metrics.getAsJsonObject("metrics");
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
        run.isEmpty() ? null : runInfo(run.get()),
        new StoredResult.Data(
            data.get("name").getAsString(),
            data.get("synthetic").getAsBoolean() || manifest.data().synthetic(),
            data.get("split").getAsString(),
            data.get("images").getAsInt(),
            data.get("patients").getAsInt(),
            data.get("fingerprint").getAsString(),
            data.get("validationImages").getAsInt()),
        metrics(measured),
        validation(measured),
        negatives(measured.getAsJsonObject("binary")));
  }

  private void requireMatchingEvaluation() {
    String evaluated = metrics.getAsJsonObject("bundle").get("id").getAsString();
    if (!evaluated.equals(bundle.id())) {
      throw UserErrorException.of(
          "an evaluation of bundle " + bundle.id(),
          "one of bundle %s in %s".formatted(evaluated, evaluation),
          "Give the bundle that was evaluated.");
    }
    double threshold = metrics.getAsJsonObject("settings").get("threshold").getAsDouble();
    if (threshold != bundle.manifest().threshold().value()) {
      throw UserErrorException.of(
          "an evaluation at the bundle's own threshold",
          "one at another threshold in " + evaluation,
          "Evaluate without --threshold.");
    }
  }

  private static JsonObject json(Path file) throws IOException {
    if (!Files.isRegularFile(file) || Files.size(file) > MAX_FILE_SIZE) {
      throw UserErrorException.of(
          "a file of at most 64 MiB at " + file,
          Files.isRegularFile(file) ? "one of %d bytes".formatted(Files.size(file)) : "none",
          "Give the folder that the command wrote.");
    }
    return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
  }

  private static Map<String, StoredMetric> metrics(JsonObject measured) {
    JsonObject binary = measured.getAsJsonObject("binary");
    Map<String, StoredMetric> stored = new LinkedHashMap<>();
    for (String name : List.of("accuracy", "auroc", "recall", "specificity", "precision", "f1")) {
      stored.put(name, StoredMetric.of(binary.getAsJsonObject(name)));
    }
    JsonObject multiClass = measured.getAsJsonObject("multiClass");
    if (multiClass.getAsJsonArray("classes").size() > 2) {
      stored.put("multiClassAccuracy", StoredMetric.of(multiClass.getAsJsonObject("accuracy")));
    }
    if (measured.get("cascade") instanceof JsonObject cascade) {
      stored.put(
          "bacterialVsViralAuroc",
          StoredMetric.of(cascade.getAsJsonObject("bacterialVsViral").getAsJsonObject("auroc")));
    }
    return stored;
  }

  /** Empty if validation itself was evaluated. */
  private static Map<String, StoredMetric> validation(JsonObject measured) {
    Map<String, StoredMetric> stored = new LinkedHashMap<>();
    if (measured.get("validation") instanceof JsonObject validation) {
      validation.entrySet().stream()
          .filter(entry -> entry.getValue() instanceof JsonObject)
          .forEach(
              entry ->
                  stored.put(entry.getKey(), StoredMetric.of(entry.getValue().getAsJsonObject())));
    }
    return stored;
  }

  /** Stores the file name of pretrained weights, not their path on this machine. */
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

  private StoredResult.RunInfo runInfo(Path run) throws IOException {
    String trained = Bundle.open(run.resolve("bundle")).id();
    if (!trained.equals(bundle.id())) {
      throw UserErrorException.of(
          "the run that trained bundle " + bundle.id(),
          "one that trained bundle %s: %s".formatted(trained, run),
          "Give the run of the bundle that was evaluated.");
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

  /** The report of a run, or those of the steps of a cascade, which are runs themselves. */
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
            "Omit --run if it is gone: time and memory are then not stored.");
      }
      return steps;
    }
  }

  /** Scores of the negative images of validation and of the evaluated split. */
  private List<StoredResult.NegativeScores> negatives(JsonObject binary) throws IOException {
    Path file = evaluation.resolve("predictions.csv");
    String split = data.get("split").getAsString();
    Task task = bundle.manifest().task();
    List<Double> validation = new ArrayList<>();
    List<Double> evaluated = new ArrayList<>();
    int validationRows = 0;
    int evaluatedRows = 0;
    for (CSVRecord row : rows(file)) {
      boolean isEvaluated = row.get(PredictionFile.USED_FOR).equals(PredictionFile.EVALUATION);
      evaluatedRows += isEvaluated ? 1 : 0;
      validationRows += isEvaluated ? 0 : 1;
      if (!task.isPositive(new Finding(row.get("finding")))) {
        (isEvaluated ? evaluated : validation).add(score(task, row));
      }
    }
    boolean evaluatesValidation = split.equals(Split.VALIDATION.toString());
    boolean rowsMatch =
        evaluatedRows == data.get("images").getAsInt()
            && (evaluatesValidation || validationRows == data.get("validationImages").getAsInt());
    List<StoredResult.NegativeScores> negatives =
        Stream.of(negatives(Split.VALIDATION.toString(), validation), negatives(split, evaluated))
            .flatMap(Optional::stream)
            .toList();
    JsonElement specificity = binary.getAsJsonObject("specificity").get("value");
    boolean specificityMatches =
        evaluated.isEmpty()
            || specificity == null
            || negatives.get(negatives.size() - 1).specificity() == specificity.getAsDouble();
    if (!rowsMatch || !specificityMatches) {
      throw UserErrorException.of(
          "the predictions from which metrics.json was computed",
          "other ones in %s: %d evaluated and %d validation rows, or another specificity"
              .formatted(file, evaluatedRows, validationRows),
          "Evaluate the bundle again.");
    }
    return negatives;
  }

  private static double score(Task task, CSVRecord row) {
    return task.positiveProbability(
        task.classes().stream()
            .mapToDouble(name -> Double.parseDouble(row.get("p_" + name)))
            .toArray());
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

  private Optional<StoredResult.NegativeScores> negatives(String split, List<Double> scores) {
    if (scores.isEmpty()) {
      return Optional.empty();
    }
    double threshold = bundle.manifest().threshold().value();
    double[] sorted = scores.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return Optional.of(
        new StoredResult.NegativeScores(
            split,
            sorted.length,
            quantile(sorted, 0.25),
            quantile(sorted, 0.5),
            quantile(sorted, 0.75),
            Arrays.stream(sorted).filter(score -> score < threshold).count()
                / (double) sorted.length));
  }

  /** Linear interpolation, as R and NumPy do by default. */
  private static double quantile(double[] sorted, double share) {
    double position = share * (sorted.length - 1);
    int below = (int) position;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  }
}
