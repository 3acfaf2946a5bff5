package dev.cxr.models.bundle;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Format version 1 of {@code bundle.json}, read as format version 2: the same values under other
 * names. Stored results of that time hold the same parts, and are upgraded with it.
 */
public final class ManifestFormat1 {

  /** Old and new keys of a site calibration. */
  public static final Map<String, String> CALIBRATION_KEYS =
      Map.of(
          "from", "sourceBundle",
          "before", "originalThreshold",
          "beforeTemperature", "originalTemperature",
          "how", "method",
          "pictures", "imageCount",
          "labelled", "usedLabels");

  static final int VERSION = 1;

  private static final Map<String, String> MANIFEST_KEYS =
      Map.of("validation", "validationMetrics", "index", "knnIndex");
  private static final Map<String, String> THRESHOLD_KEYS = Map.of("chosenBy", "rule");
  private static final Map<String, String> DATA_KEYS = Map.of("validation", "validationRule");
  private static final Map<String, String> KNN_INDEX_KEYS =
      Map.of(
          "over", "features",
          "chosenBy", "kRule",
          "examples", "exampleCount",
          "data", "dataset",
          "network", "sourceBundle");

  private ManifestFormat1() {}

  /** Renames in place. What is missing or of another JSON type stays for the reader. */
  static void upgrade(JsonObject manifest) {
    rename(manifest, MANIFEST_KEYS);
    if (manifest.get("architecture") instanceof JsonPrimitive architecture) {
      String text = architecture.getAsString();
      manifest.addProperty(
          "architecture",
          text.replace("mirrored(", "flip-averaged(").replace("distance(", "mahalanobis("));
    }
    rename(manifest.get("data"), DATA_KEYS);
    upgradeParts(manifest);
    manifest.add("formatVersion", new JsonPrimitive(Manifest.FORMAT_VERSION));
  }

  /**
   * Renames the keys of threshold, KNN index and site calibration in place.
   *
   * @param bundle contains {@code threshold}, {@code knnIndex} and {@code calibration}, or some of
   *     them
   */
  public static void upgradeParts(JsonObject bundle) {
    rename(bundle.get("threshold"), THRESHOLD_KEYS);
    rename(bundle.get("knnIndex"), KNN_INDEX_KEYS);
    JsonElement calibration = bundle.get("calibration");
    rename(calibration, CALIBRATION_KEYS);
    if (calibration instanceof JsonObject object) {
      rename(object.get("originalThreshold"), THRESHOLD_KEYS);
    }
  }

  /**
   * Renames keys of a JSON object in place; does nothing to anything else.
   *
   * @param element the object
   * @param keys new keys by old key
   */
  public static void rename(@Nullable JsonElement element, Map<String, String> keys) {
    if (element instanceof JsonObject object) {
      keys.forEach(
          (oldKey, newKey) -> {
            JsonElement value = object.remove(oldKey);
            if (value != null) {
              object.add(newKey, value);
            }
          });
    }
  }
}
