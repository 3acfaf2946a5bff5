package dev.cxr.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.files.Sha256;
import dev.cxr.models.architecture.MemoryFormat;
import dev.cxr.models.architecture.Network;
import dev.cxr.train.learner.Learner;
import dev.cxr.train.loop.LearnerFactory;
import dev.cxr.train.loop.StopSignal;
import dev.cxr.train.recipe.Recipe;
import dev.cxr.train.recipe.Recipes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the smallest MobileNet and weights of our own making in place of published ones. */
class PretrainedRunTest {

  private static final String ARCHITECTURE = "mobilenet-v1-025";

  @TempDir private static Path shared;
  @TempDir private Path folder;
  private static Path data;
  private static Path weights;

  @BeforeAll
  static void writeImagesAndWeights() throws IOException {
    data = shared.resolve("data");
    SmallRun.writeImages(data);
    weights = shared.resolve("weights.safetensors");
    try (Learner learner = learner(recipe())) {
      Files.write(weights, safetensors(network(learner).pretrainedParameters()));
    }
  }

  @Test
  void loadsBackboneOnly() throws IOException {
    try (Learner learner = learner(recipe())) {
      Map<String, float[]> before = values(learner);
      assertThat(learner.loadPretrained(weights).tensorCount()).isEqualTo(27 * 5);
      Map<String, float[]> after = values(learner);
      network(learner)
          .pretrainedParameters()
          .values()
          .forEach(
              p ->
                  assertThat(p.getArray().toFloatArray())
                      .startsWith(value(p.getArray().getShape().getShape(), 0)));
      assertThat(after).hasSameSizeAs(before);
      assertThat(changed(before, after)).hasSize(27 * 5);
    }
  }

  @Test
  void frozenBackboneDoesNotChange() throws Exception {
    Path run = folder.resolve("run");
    train(run, "freeze=backbone");
    assertThat(read(run)).contains("freeze: backbone");
    try (Learner learner = learner(recipe("freeze=backbone"))) {
      learner.loadPretrained(weights);
      Map<String, float[]> before = values(learner);
      learner.model().load(run.resolve(RunFolder.BUNDLE), "quick");
      assertThat(changed(before, values(learner)))
          .isNotEmpty()
          .noneMatch(name -> backboneNames(learner).contains(name));
    }
  }

  @Test
  void phaseUnfreezes() throws Exception {
    Path run = folder.resolve("run");
    train(run, "freeze=backbone", "phases=[{from-epoch: 2, others: 0.1}]");
    try (Learner learner = learner(recipe())) {
      learner.loadPretrained(weights);
      Map<String, float[]> before = values(learner);
      learner.model().load(run.resolve(RunFolder.BUNDLE), "quick");
      assertThat(changed(before, values(learner))).containsAnyElementsOf(backboneNames(learner));
    }
  }

  @Test
  void reloadsWeightsWithoutCheckpoint() throws Exception {
    Path whole = folder.resolve("whole");
    train(whole);
    Path run = folder.resolve("run");
    Recipes.ResolvedRecipe recipe = resolved();
    assertThatThrownBy(
            () ->
                TrainingLauncher.start(
                    recipe, SmallRun.source(data), run, SmallRun.options(SmallRun.stopAfter(2))))
        .isInstanceOf(StopSignal.StopRequestedException.class);
    deleteCheckpoints(run);
    TrainingLauncher.resume(run, SmallRun.source(data), SmallRun.options(new StopSignal()));
    Map<String, byte[]> expected = SmallRun.bundle(whole);
    SmallRun.bundle(run)
        .forEach((name, bytes) -> assertThat(bytes).as(name).isEqualTo(expected.get(name)));
  }

  @Test
  void rejectsOtherWeightsOnResume() throws Exception {
    Path file = Files.copy(weights, folder.resolve("own.safetensors"));
    Path run = folder.resolve("run");
    Recipes.ResolvedRecipe recipe =
        Recipes.withOverrides(resolved(), Map.of("weights.from", "'" + file + "'"));
    StopSignal early = SmallRun.stopAfter(1);
    assertThatThrownBy(
            () ->
                TrainingLauncher.start(recipe, SmallRun.source(data), run, SmallRun.options(early)))
        .isInstanceOf(StopSignal.StopRequestedException.class);
    assertThat(read(run)).contains("sha256: " + Sha256.hex(file));
    deleteCheckpoints(run);
    Files.write(file, new byte[] {0}, StandardOpenOption.APPEND);
    assertThatThrownBy(
            () ->
                TrainingLauncher.resume(
                    run, SmallRun.source(data), SmallRun.options(new StopSignal())))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("Download the file again");
  }

  @Test
  void rejectsTooManyFrozenStages() {
    assertThatThrownBy(() -> train(folder.resolve("run"), "freeze=9"))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("1 to 5 stages to freeze");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void rejectsInvalidFreeze() {
    assertThatThrownBy(() -> recipe("freeze=head"))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("none, backbone, or a number of stages");
    assertThatThrownBy(() -> recipe("freeze=[1]"))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("'freeze'");
  }

  /** As if there had been no time to save. */
  private static void deleteCheckpoints(Path run) throws IOException {
    try (Stream<Path> checkpoints = Files.list(run.resolve("checkpoints"))) {
      for (Path checkpoint : checkpoints.toList()) {
        Files.delete(checkpoint);
      }
    }
  }

  private static void train(Path run, String... settings) throws Exception {
    TrainingLauncher.start(
        resolved(settings), SmallRun.source(data), run, SmallRun.options(new StopSignal()));
  }

  private static Recipes.ResolvedRecipe resolved(String... settings) throws IOException {
    Map<String, String> all = new LinkedHashMap<>(settings(settings));
    all.put("weights", "{from: '%s'}".formatted(weights));
    all.put("epochs", "2");
    all.put("keep", "last");
    return Recipes.read("quick", all);
  }

  private static String read(Path run) throws IOException {
    return Files.readString(run.resolve("recipe.yaml"));
  }

  private static Recipe recipe(String... settings) throws IOException {
    return Recipes.read("quick", settings(settings)).recipe();
  }

  private static Map<String, String> settings(String... settings) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("architecture", ARCHITECTURE);
    all.put("side", "32");
    all.put("batch-size", "16");
    all.put("validation.fraction", "0.3");
    for (String setting : settings) {
      int equals = setting.indexOf('=');
      all.put(setting.substring(0, equals), setting.substring(equals + 1));
    }
    return all;
  }

  private static Learner learner(Recipe recipe) {
    return LearnerFactory.create(
        recipe, new double[] {1, 1}, MemoryFormat.CONTIGUOUS, Device.cpu());
  }

  private static Network network(Learner learner) {
    return (Network) learner.model().getBlock();
  }

  private static Set<String> backboneNames(Learner learner) {
    Collection<Parameter> backbone = network(learner).pretrainedParameters().values();
    return learner.model().getBlock().getParameters().stream()
        .filter(pair -> backbone.contains(pair.getValue()))
        .map(Pair::getKey)
        .collect(Collectors.toSet());
  }

  private static Map<String, float[]> values(Learner learner) {
    Map<String, float[]> values = new LinkedHashMap<>();
    for (Pair<String, Parameter> pair : learner.model().getBlock().getParameters()) {
      values.put(pair.getKey(), pair.getValue().getArray().toFloatArray());
    }
    return values;
  }

  private static Set<String> changed(Map<String, float[]> before, Map<String, float[]> after) {
    return before.keySet().stream()
        .filter(name -> !Arrays.equals(before.get(name), after.get(name)))
        .collect(Collectors.toSet());
  }

  /** Convolutions differ from pixel to pixel, what BatchNorm has is above 0. */
  private static float value(long[] shape, int index) {
    return shape.length == 4 ? 0.05f * (index % 7 - 3) : 0.25f;
  }

  /** The form of safetensors: length of the header, header in JSON, then all values. */
  private static byte[] safetensors(Map<String, Parameter> parameters) throws IOException {
    StringBuilder header = new StringBuilder("{");
    var values = new ByteArrayOutputStream();
    for (Map.Entry<String, Parameter> entry : parameters.entrySet()) {
      long[] shape = entry.getValue().getArray().getShape().getShape();
      int from = values.size();
      int count = Math.toIntExact(Arrays.stream(shape).reduce(1, (a, b) -> a * b));
      ByteBuffer bytes = ByteBuffer.allocate(4 * count).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < count; i++) {
        bytes.putFloat(value(shape, i));
      }
      values.write(bytes.array());
      header.append(
          "%s\"%s\":{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
              .formatted(
                  from == 0 ? "" : ",",
                  entry.getKey(),
                  Arrays.toString(shape),
                  from,
                  values.size()));
    }
    byte[] json = header.append('}').toString().getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + json.length + values.size())
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .put(values.toByteArray())
        .array();
  }
}
