package dev.cxr.eval.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonSerializer;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.index.Finding;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.Task;
import dev.cxr.eval.prediction.BaselineFeature;
import dev.cxr.eval.prediction.ImagePrediction;
import dev.cxr.eval.prediction.Perturbation;
import dev.cxr.eval.prediction.ReconstructionScore;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsJsonTest {

  private static final Gson GSON =
      new GsonBuilder()
          .registerTypeHierarchyAdapter(
              Optional.class,
              (JsonSerializer<Optional<?>>)
                  (value, type, context) ->
                      value.isPresent() ? context.serialize(value.get()) : JsonNull.INSTANCE)
          .create();

  private static final List<Finding> FINDINGS =
      List.of(Finding.NORMAL, Finding.BACTERIAL_PNEUMONIA, Finding.VIRAL_PNEUMONIA);

  @TempDir private Path folder;

  /** As version 0.1.0 wrote it, each array cut to one element. */
  private static JsonObject schema2() throws IOException, URISyntaxException {
    return MetricsJson.read(
        Path.of(
            Objects.requireNonNull(MetricsJsonTest.class.getResource("metrics-schema-2.json"))
                .toURI()));
  }

  private static List<ImagePrediction> predictions(Split split) {
    List<ImagePrediction> all = new ArrayList<>();
    for (int i = 0; i < 90; i++) {
      double p = (i * 37 % 90 + 5) / 100.0;
      all.add(
          new ImagePrediction(
              "p" + i,
              split + "-patient" + i,
              FINDINGS.get(i % 3),
              split,
              List.of(1 - p, p / 4, 3 * p / 4),
              Map.of(BaselineFeature.MEAN_INTENSITY, i / 90.0, BaselineFeature.BORDER, p),
              Map.of(Perturbation.JPEG, p),
              Optional.of(p),
              Optional.of(new ReconstructionScore(p, 1 - p))));
    }
    return all;
  }

  /** The keys of an object and of all below it; array elements have the key of their array. */
  private static void addKeys(JsonElement json, String path, Set<String> keys) {
    if (json instanceof JsonArray array) {
      array.forEach(element -> addKeys(element, path, keys));
    } else if (json instanceof JsonObject object && !object.has("reason") && !object.has("n")) {
      object
          .entrySet()
          .forEach(
              entry -> {
                keys.add(path + "." + entry.getKey());
                addKeys(entry.getValue(), path + "." + entry.getKey(), keys);
              });
    }
  }

  private static Set<String> keys(JsonElement json) {
    Set<String> keys = new TreeSet<>();
    addKeys(json, "", keys);
    return keys;
  }

  @Test
  void schema2HasTheKeysOfTheCurrentSchema() throws Exception {
    EvaluationSettings settings =
        new EvaluationSettings(Task.THREE_CLASS, 0.5, "a test", 1, 100, ClassSources.SHARED);
    JsonObject current =
        GSON.toJsonTree(
                EvaluationMetrics.of(
                    settings, predictions(Split.TEST), predictions(Split.VALIDATION)))
            .getAsJsonObject();
    JsonObject old = schema2().getAsJsonObject("metrics");
    assertThat(old.remove("trainingDistance")).isNotNull();
    assertThat(current.remove("outOfDistribution")).as("another score").isNotNull();
    Set<String> kept = keys(old);
    List<String> gone = List.of("brierDecomposition", "normalised", "youden");
    kept.removeIf(key -> gone.stream().anyMatch(key::contains));
    assertThat(kept).as("all but what is no longer measured").isEqualTo(keys(current));
  }

  @Test
  void schema2KeepsItsValues() throws Exception {
    JsonObject root = schema2();
    assertThat(root.get("schemaVersion").getAsInt()).isEqualTo(MetricsJson.SCHEMA_VERSION);
    assertThat(GSON.fromJson(root.get("settings"), EvaluationSettings.class))
        .isEqualTo(
            new EvaluationSettings(
                Task.THREE_CLASS, 0.5, "by a test", 1, 2000, ClassSources.SHARED));
    JsonObject data = root.getAsJsonObject("data");
    assertThat(data.get("images").getAsInt()).isEqualTo(30);
    assertThat(data.get("developmentDataset").getAsString()).isEqualTo("children");
    JsonObject calibration = root.getAsJsonObject("bundle").getAsJsonObject("calibration");
    assertThat(calibration.get("imageCount").getAsInt()).isEqualTo(60);
    assertThat(calibration.getAsJsonObject("originalThreshold").get("rule").getAsString())
        .isEqualTo("greatest Youden index on validation");
    JsonObject cases = root.getAsJsonObject("cases");
    assertThat(cases.get("correctCount").getAsInt() + cases.get("errorCount").getAsInt())
        .isEqualTo(30);
    assertThat(root.getAsJsonObject("leakage").has("issues")).isTrue();
  }

  @Test
  void rejectsOtherVersionsAndOtherFiles() throws IOException {
    Path file = folder.resolve("metrics.json");
    assertThatThrownBy(() -> MetricsJson.read(file))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("no file");
    for (String content : List.of("{\"schemaVersion\": 9}", "{}", "[]", "{")) {
      Files.writeString(file, content);
      assertThatThrownBy(() -> MetricsJson.read(file))
          .isInstanceOf(UserErrorException.class)
          .hasMessageContaining(file.toString());
    }
    Files.writeString(file, "{\"schemaVersion\": 3, \"answer\": 1}");
    assertThat(MetricsJson.read(file).has("answer")).isTrue();
  }
}
