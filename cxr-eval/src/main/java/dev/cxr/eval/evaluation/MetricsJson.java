package dev.cxr.eval.evaluation;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.models.bundle.ManifestFormat1;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Reads metrics.json in the current schema, also files that an earlier version wrote.
 *
 * @since 0.1
 */
public final class MetricsJson {

  /** The version that {@code evaluate} writes. */
  public static final int SCHEMA_VERSION = 3;

  private static final long MAX_FILE_BYTES = 64L << 20;

  /** Keys of version 2, which mean the same wherever they occur. */
  private static final Map<String, String> RENAMED =
      Map.ofEntries(
          renamed("abstention", "riskCoverage"),
          renamed("answer", "predictedClass"),
          renamed("at", "operatingPoint"),
          renamed("by", "attribute"),
          renamed("cause", "bacterialVsViral"),
          renamed("causeAuroc", "bacterialVsViralAuroc"),
          renamed("change", "perturbation"),
          renamed("classesAccuracy", "multiClassAccuracy"),
          renamed("concerns", "issues"),
          renamed("correctInAll", "correctCount"),
          renamed("decision", "decisionCurve"),
          renamed("developedOn", "developmentDataset"),
          renamed("errorsInAll", "errorCount"),
          renamed("figures", "metrics"),
          renamed("inSteps", "endToEnd"),
          renamed("line", "regression"),
          renamed("majority", "majorityBaseline"),
          renamed("modelLeads", "modelAdvantage"),
          renamed("outOfDistribution", "trainingDistance"), // another score than today's
          renamed("part", "group"),
          renamed("parts", "brierDecomposition"),
          renamed("pictures", "images"),
          renamed("prevalences", "predictiveValues"),
          renamed("promised", "validation"),
          renamed("separation", "validationVsEvaluatedAuroc"),
          renamed("stages", "cascade"),
          renamed("thresholdChosenBy", "thresholdRule"),
          renamed("validationIsTheBundles", "validationMatchesBundle"),
          renamed("validationPictures", "validationImages"));

  private MetricsJson() {}

  private static Map.Entry<String, String> renamed(String old, String current) {
    return Map.entry(old, current);
  }

  /**
   * Reads a file.
   *
   * @param file the metrics.json
   * @return its content in version {@value #SCHEMA_VERSION}
   * @throws UserErrorException if there is no such file, it is larger than 64 MiB, is not JSON or
   *     has another version
   * @throws IOException if it cannot be read
   */
  public static JsonObject read(Path file) throws IOException {
    if (!Files.isRegularFile(file) || Files.size(file) > MAX_FILE_BYTES) {
      throw UserErrorException.of(
          "a metrics.json of at most 64 MiB at " + file,
          Files.isRegularFile(file) ? Files.size(file) + " bytes" : "no file",
          "Give the folder that `evaluate` wrote.");
    }
    JsonObject root;
    try {
      root = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    } catch (JsonParseException | IllegalStateException e) {
      throw UserErrorException.of(
          "a JSON object in " + file, String.valueOf(e.getMessage()), "Evaluate the bundle again.");
    }
    String version = String.valueOf(root.get("schemaVersion"));
    if (version.equals(String.valueOf(SCHEMA_VERSION))) {
      return root;
    }
    if (version.equals("2")) {
      JsonObject upgraded = upgrade(root, "").getAsJsonObject();
      upgraded.addProperty("schemaVersion", SCHEMA_VERSION);
      return upgraded;
    }
    throw UserErrorException.of(
        "schema version 2 or %d in %s".formatted(SCHEMA_VERSION, file),
        "version " + version,
        "Use the version of cxr that wrote it, or evaluate the bundle again.");
  }

  private static JsonElement upgrade(JsonElement old, String key) {
    if (old instanceof JsonObject object) {
      JsonObject upgraded = new JsonObject();
      object
          .entrySet()
          .forEach(
              entry -> {
                String name = upgradedName(entry.getKey(), object, key);
                upgraded.add(name, upgrade(entry.getValue(), entry.getKey()));
              });
      return upgraded;
    }
    if (old instanceof JsonArray array) {
      JsonArray upgraded = new JsonArray();
      array.forEach(element -> upgraded.add(upgrade(element, key)));
      return upgraded;
    }
    boolean isSources = key.equals("classSources") && old.getAsString().equals("apart");
    return isSources ? new JsonPrimitive("separate") : old;
  }

  private static String upgradedName(String name, JsonObject parent, String parentKey) {
    boolean inMetrics = RENAMED.getOrDefault(parentKey, parentKey).equals("metrics");
    if (parentKey.equals("calibration") && parent.has("beforeTemperature")) {
      return ManifestFormat1.CALIBRATION_KEYS.getOrDefault(name, name);
    }
    return switch (name) {
      case "classes" -> inMetrics ? "multiClass" : name;
      case "thresholds" -> inMetrics ? "operatingPoints" : name;
      case "findings" -> parentKey.equals("outOfDistribution") ? "byFinding" : name;
      case "validation" -> parentKey.equals("outOfDistribution") ? "validationRejected" : name;
      case "chosenBy" ->
          parent.has("youdenJ") || parentKey.equals("before") ? "rule" : "thresholdRule";
      default -> RENAMED.getOrDefault(name, name);
    };
  }
}
