package dev.cxr.reproduction.results;

import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.cxr.models.bundle.ManifestFormat1;
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

  private ResultSchema2() {}

  /** Renames the keys in place. */
  static void upgrade(JsonObject result) {
    ManifestFormat1.rename(result, RESULT_KEYS);
    ManifestFormat1.rename(result.get("data"), DATA_KEYS);
    ManifestFormat1.rename(result.get("metrics"), METRIC_KEYS);
    ManifestFormat1.rename(result.get("validation"), METRIC_KEYS);
    ManifestFormat1.rename(result.get("bundle"), BUNDLE_KEYS);
    if (result.get("bundle") instanceof JsonObject bundle) {
      ManifestFormat1.upgradeParts(bundle);
    }
    result.add("schemaVersion", new JsonPrimitive(StoredResult.SCHEMA_VERSION));
  }
}
