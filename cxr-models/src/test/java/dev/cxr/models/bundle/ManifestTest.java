package dev.cxr.models.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import dev.cxr.models.knn.DistanceMetric;
import dev.cxr.models.knn.KnnIndex;
import dev.cxr.models.knn.KnnVote;
import dev.cxr.models.knn.VoteWeighting;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A bundle.json whose checksum is right, but not what it says. */
class ManifestTest {

  @TempDir private static Path pristine;
  @TempDir private Path scratch;
  private Path bundle = Path.of("");

  @BeforeEach
  void copy() throws IOException {
    if (TestBundles.files(pristine).isEmpty()) {
      TestBundles.write(pristine, TestBundles.manifest());
    }
    bundle = TestBundles.copy(pristine, scratch.resolve("bundle"));
  }

  @Test
  void acceptsUnchangedManifestWithNewChecksum() throws IOException {
    TestBundles.editManifest(bundle, manifest -> manifest.addProperty("epoch", 7));
    assertThat(Bundle.open(bundle).manifest()).isEqualTo(TestBundles.manifest());
  }

  @ParameterizedTest
  @MethodSource("unknown")
  void rejectsUnknownValues(String field, JsonElement value, String found) throws IOException {
    TestBundles.editManifest(bundle, manifest -> manifest.add(field, value));
    TestBundles.assertOpenRejected(bundle, found);
  }

  static Stream<Arguments> unknown() {
    JsonArray reversed = JsonParser.parseString("[\"PNEUMONIA\", \"NORMAL\"]").getAsJsonArray();
    return Stream.of(
        Arguments.of("formatVersion", new JsonPrimitive(3), "format version 3"),
        Arguments.of("formatVersion", new JsonPrimitive(0), "format version 0"),
        Arguments.of("formatVersion", new JsonPrimitive(1.5), "format version 1.5"),
        Arguments.of("formatVersion", new JsonPrimitive("1"), "format version \"1\""),
        Arguments.of("formatVersion", new JsonObject(), "format version {}"),
        Arguments.of("formatVersion", JsonNull.INSTANCE, "format version null"),
        Arguments.of("task", new JsonPrimitive("triage"), "the task \"triage\""),
        Arguments.of("architecture", new JsonPrimitive("resnet51"), "resnet51"),
        Arguments.of("architecture", new JsonPrimitive("autoencoder"), "autoencoder"),
        Arguments.of(
            "architecture",
            new JsonPrimitive("mahalanobis(binary-cnn)"),
            "mahalanobis(binary-cnn)"),
        Arguments.of(
            "architecture", new JsonPrimitive("flip-averaged(".repeat(30000)), "flip-averaged("),
        Arguments.of("resize", new JsonPrimitive("nearest"), "the resize rule nearest"),
        Arguments.of("classes", reversed, "the classes [PNEUMONIA, NORMAL]"),
        Arguments.of("classes", new JsonArray(), "the classes []"));
  }

  @ParameterizedTest
  @MethodSource("impossible")
  void rejectsImpossibleValues(String field, String json) throws IOException {
    TestBundles.editManifest(bundle, manifest -> manifest.add(field, JsonParser.parseString(json)));
    TestBundles.assertOpenRejected(bundle, "bundle.json");
  }

  static Stream<Arguments> impossible() {
    return Stream.of(
        Arguments.of("input", "{\"side\": 8, \"mean\": [0.0], \"std\": [1.0]}"),
        Arguments.of("input", "{\"side\": 2147483647, \"mean\": [0.0], \"std\": [1.0]}"),
        Arguments.of("input", "{\"side\": 32, \"mean\": [0.0], \"std\": [0.0]}"),
        Arguments.of("input", "{\"side\": 32, \"mean\": [0.0], \"std\": [NaN]}"),
        Arguments.of("input", "{\"side\": 32, \"mean\": [0.0]}"),
        Arguments.of("input", "{\"side\": 32, \"mean\": [null], \"std\": [1.0]}"),
        Arguments.of("input", "{}"),
        Arguments.of("input", "32"),
        Arguments.of("classes", "[null, \"PNEUMONIA\"]"),
        Arguments.of("classes", "\"NORMAL\""),
        Arguments.of("epoch", "\"last\""),
        Arguments.of("threshold", "0.5"),
        Arguments.of("threshold", "{\"rule\": \"none\"}"),
        Arguments.of("threshold", "{\"value\": NaN, \"rule\": \"none\"}"),
        Arguments.of("threshold", "{\"value\": 1.5, \"rule\": \"none\"}"),
        Arguments.of("temperature", "0"),
        Arguments.of("temperature", "-1"),
        Arguments.of("temperature", "NaN"),
        Arguments.of("temperature", "1e400"),
        Arguments.of("calibration", "{\"sourceBundle\": \"0123456789ab\", \"imageCount\": 50}"),
        Arguments.of("calibration", "true"),
        Arguments.of("quantization", "{\"sourceBundle\": \"0123456789ab\"}"),
        Arguments.of("quantization", "true"),
        Arguments.of("data", "{\"synthetic\": true}"),
        Arguments.of("data", "[]"));
  }

  @ParameterizedTest
  @MethodSource("fields")
  void rejectsMissingAndNullFields(String field) throws IOException {
    TestBundles.editManifest(bundle, manifest -> manifest.remove(field));
    TestBundles.assertOpenRejected(
        bundle, field.equals("formatVersion") ? "format version" : field);
    TestBundles.editManifest(bundle, manifest -> manifest.add(field, JsonNull.INSTANCE));
    TestBundles.assertOpenRejected(
        bundle, field.equals("formatVersion") ? "format version" : field);
  }

  static Stream<String> fields() {
    return Stream.of(Manifest.class.getRecordComponents())
        .map(RecordComponent::getName)
        .filter(
            name ->
                !Set.of("presentation", "knnIndex", "calibration", "quantization").contains(name));
  }

  @Test
  void readsEveryKeyOfFormat1() throws IOException {
    Manifest written =
        TestBundles.manifest("flip-averaged(resnet18)", true, 1)
            .withKnnIndex(
                new KnnIndex(
                    KnnIndex.FeatureKind.EMBEDDINGS,
                    DistanceMetric.COSINE,
                    new KnnVote(3, VoteWeighting.UNIFORM),
                    "by a test",
                    24,
                    "chest-xray",
                    "ab".repeat(32),
                    "0123456789ab"),
                "lungs",
                TestBundles.manifest().data(),
                new OperatingThreshold(0.4, "by a test"),
                new JsonArray())
            .withCalibration(
                new SiteCalibration(
                    "0123456789ab",
                    new OperatingThreshold(0.4, "by a test"),
                    1,
                    "shift of the threshold",
                    50,
                    true),
                "lungs",
                new OperatingThreshold(0.3, "by a site"),
                1.5);
    JsonObject json = JsonParser.parseString(written.toJson()).getAsJsonObject();
    json.addProperty("formatVersion", 1);
    json.addProperty("architecture", "mirrored(resnet18)");
    rename(json, "validationMetrics", "validation");
    rename(json, "knnIndex", "index");
    rename(json.getAsJsonObject("threshold"), "rule", "chosenBy");
    rename(json.getAsJsonObject("data"), "validationRule", "validation");
    JsonObject index = json.getAsJsonObject("index");
    rename(index, "features", "over");
    rename(index, "kRule", "chosenBy");
    rename(index, "exampleCount", "examples");
    rename(index, "dataset", "data");
    rename(index, "sourceBundle", "network");
    JsonObject calibration = json.getAsJsonObject("calibration");
    rename(calibration, "sourceBundle", "from");
    rename(calibration, "originalThreshold", "before");
    rename(calibration.getAsJsonObject("before"), "rule", "chosenBy");
    rename(calibration, "originalTemperature", "beforeTemperature");
    rename(calibration, "method", "how");
    rename(calibration, "imageCount", "pictures");
    rename(calibration, "usedLabels", "labelled");

    assertThat(Manifest.fromJson(json.toString())).isEqualTo(written);
  }

  private static void rename(JsonObject object, String from, String to) {
    JsonElement value = object.remove(from);
    assertThat(value).as(from).isNotNull();
    object.add(to, value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"[]", "[{}]", "7", "null", "\"text\"", "", "{", "{}", "not json", "\u0000", "{]"})
  void rejectsOtherJson(String json) throws IOException {
    TestBundles.replace(bundle, "bundle.json", json);
    TestBundles.assertOpenRejected(bundle, "bundle.json");
  }

  @Test
  void rejectsInvalidUtf8() throws IOException {
    Files.write(bundle.resolve("bundle.json"), new byte[] {'{', (byte) 0xC3, (byte) 0x28, '}'});
    TestBundles.rewriteChecksums(bundle);
    TestBundles.assertOpenRejected(bundle, "bundle.json");
  }

  @Test
  void rejectsDeepNesting() throws IOException {
    TestBundles.replace(bundle, "bundle.json", "{\"recipe\":".repeat(100_000));
    TestBundles.assertOpenRejected(bundle, "bundle.json");
  }

  @Test
  void rejectsManifestOver1MiB() throws IOException {
    String json = Files.readString(bundle.resolve("bundle.json"));
    TestBundles.replace(bundle, "bundle.json", json + " ".repeat((1 << 20) - json.length()));
    assertThat(Bundle.open(bundle).manifest()).isEqualTo(TestBundles.manifest());
    TestBundles.replace(bundle, "bundle.json", json + " ".repeat((1 << 20) - json.length() + 1));
    TestBundles.assertOpenRejected(bundle, "more than 1 MiB");
  }
}
