package dev.cxr.reproduction.results;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.List;
import java.util.Map;

/** Schema version 2 of {@code result.json}, read as version 3: the same values, old keys. */
final class ResultSchema2 {

  static final int VERSION = 2;

  private static final Map<String, String> RESULT_KEYS =
      Map.of("figures", "metrics", "promised", "validation");
  private static final Map<String, String> DATA_KEYS =
      Map.of("pictures", "images", "validationPictures", "validationImages");
  private static final Map<String, String> METRIC_KEYS =
      Map.of("classesAccuracy", "multiClassAccuracy", "causeAuroc", "bacterialVsViralAuroc");
  private static final Map<String, String> BUNDLE_KEYS =
      Map.of("learnedFrom", "trainedOn", "index", "knnIndex");
  private static final Map<String, String> THRESHOLD_KEYS = Map.of("chosenBy", "rule");
  private static final Map<String, String> KNN_INDEX_KEYS =
      Map.of(
          "over", "features",
          "chosenBy", "kRule",
          "examples", "exampleCount",
          "data", "dataset",
          "network", "sourceBundle");
  private static final Map<String, String> CALIBRATION_KEYS =
      Map.of(
          "from", "sourceBundle",
          "before", "originalThreshold",
          "beforeTemperature", "originalTemperature",
          "how", "method",
          "pictures", "imageCount",
          "labelled", "usedLabels");

  private ResultSchema2() {}

  /** Renames the keys in place. */
  static void upgrade(JsonObject result) {
    rename(result, List.of(), RESULT_KEYS);
    rename(result, List.of("data"), DATA_KEYS);
    rename(result, List.of("metrics"), METRIC_KEYS);
    rename(result, List.of("validation"), METRIC_KEYS);
    rename(result, List.of("bundle"), BUNDLE_KEYS);
    rename(result, List.of("bundle", "threshold"), THRESHOLD_KEYS);
    rename(result, List.of("bundle", "knnIndex"), KNN_INDEX_KEYS);
    rename(result, List.of("bundle", "calibration"), CALIBRATION_KEYS);
    rename(result, List.of("bundle", "calibration", "originalThreshold"), THRESHOLD_KEYS);
    result.add("schemaVersion", new JsonPrimitive(StoredResult.SCHEMA_VERSION));
  }

  private static void rename(JsonElement root, List<String> path, Map<String, String> keys) {
    JsonElement element = root;
    for (String key : path) {
      if (!(element instanceof JsonObject parent) || !parent.has(key)) {
        return;
      }
      element = parent.get(key);
    }
    if (element instanceof JsonObject object) {
      keys.forEach(
          (oldKey, newKey) -> {
            if (object.has(oldKey)) {
              object.add(newKey, object.remove(oldKey));
            }
          });
    }
  }
}
