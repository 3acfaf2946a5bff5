package dev.cxr.train.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Blocks;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.training.dataset.Batch;
import ai.djl.translate.Batchifier;
import ai.djl.util.Pair;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.dataset.SeedDerivation;
import dev.cxr.train.loss.BinaryCrossEntropy;
import dev.cxr.train.loss.Loss;
import dev.cxr.train.loss.MeanSquaredError;
import dev.cxr.train.loss.SoftmaxCrossEntropy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LearnerTest {

  private static final int SIDE = 16;
  private static final int BATCH = 8;
  private static final Loss BINARY = new BinaryCrossEntropy(1.5, .75, .05);

  @TempDir private Path temporary;

  private static SequentialBlock network(int outputs) {
    return new SequentialBlock()
        .add(Conv2d.builder().setFilters(4).setKernelShape(new Shape(3, 3)).build())
        .add(BatchNorm.builder().build())
        .add(Activation.reluBlock())
        .add(Dropout.builder().optRate(.4f).build())
        .add(Blocks.batchFlattenBlock())
        .add(Linear.builder().setUnits(outputs).build());
  }

  private static LearnerBuilder plain(int outputs) {
    return new LearnerBuilder(network(outputs), SIDE, BINARY, .01);
  }

  private static LearnerBuilder withAllOptions() {
    return plain(1).weightDecay(.02).clipNorm(.5).ema(new EmaConfig(.9, EmaConfig.Start.AT_ONCE));
  }

  private static Learner seeded(LearnerBuilder builder, int seed) {
    Engine.getInstance().setRandomSeed(seed);
    return builder.build();
  }

  private static Batch batch(Learner learner, int number) {
    Random random = new Random(number);
    float[] images = new float[BATCH * SIDE * SIDE];
    float[] labels = new float[BATCH];
    for (int i = 0; i < BATCH; i++) {
      labels[i] = random.nextInt(2);
      for (int j = 0; j < SIDE * SIDE; j++) {
        images[i * SIDE * SIDE + j] = random.nextFloat() * (1 - .3f * labels[i]);
      }
    }
    return batch(learner, images, labels);
  }

  private static Batch batch(Learner learner, float[] images, float[] labels) {
    NDManager manager = learner.manager().newSubManager();
    NDArray data = manager.create(images, new Shape(BATCH, 1, SIDE, SIDE));
    return new Batch(
        manager,
        new NDList(data),
        new NDList(manager.create(labels)),
        BATCH,
        Batchifier.STACK,
        Batchifier.STACK,
        0,
        1);
  }

  /** Steps of which each has its own batch and its own seed for dropout. */
  private static List<Double> learn(Learner learner, int from, int to) {
    List<Double> losses = new ArrayList<>();
    for (int i = from; i < to; i++) {
      try (Batch batch = batch(learner, i)) {
        Engine.getInstance().setRandomSeed((int) SeedDerivation.derive(3, i));
        losses.add(learner.step(batch).loss());
      }
    }
    return losses;
  }

  private static Learner.BatchPredictions predictions(Learner learner) {
    try (Batch batch = batch(learner, 999)) {
      return learner.evaluate(batch);
    }
  }

  private static Map<String, float[]> weights(Learner learner) {
    Map<String, float[]> weights = new LinkedHashMap<>();
    for (Pair<String, Parameter> pair : learner.model().getBlock().getParameters()) {
      weights.put(pair.getKey(), pair.getValue().getArray().toFloatArray());
    }
    return weights;
  }

  private static float[] of(Map<String, float[]> weights, String name) {
    return Objects.requireNonNull(weights.get(name), name);
  }

  private static void assertSame(Map<String, float[]> found, Map<String, float[]> expected) {
    assertThat(found.keySet()).isEqualTo(expected.keySet());
    expected.forEach((name, values) -> assertThat(found.get(name)).as(name).isEqualTo(values));
  }

  @Test
  void lossFallsWithTraining() {
    try (Learner learner = seeded(plain(1), 1)) {
      List<Double> losses = learn(learner, 0, 60);
      assertThat(losses.get(59)).isLessThan(losses.get(0) / 2);
      assertThat(learner.steps()).isEqualTo(60);
    }
  }

  @Test
  void restoredLearnerContinuesIdentically() throws IOException {
    Path file = temporary.resolve("checkpoint");
    Map<String, float[]> expectedBest;
    Map<String, float[]> expected;
    List<Double> expectedLosses;
    try (Learner learner = seeded(withAllOptions(), 1)) {
      learner.setRateFactors(Map.of("06Linear", .5));
      learn(learner, 0, 4);
      learner.keepAsBest();
      learn(learner, 4, 7);
      learner.setLearningRate(.005);
      learner.save(file, "{\"epoch\": 7, \"é\": \"œ\"}");
      expectedLosses = learn(learner, 7, 12);
      expected = weights(learner);
      learner.restoreBest();
      expectedBest = weights(learner);
    }
    try (Learner learner = seeded(withAllOptions(), 2)) {
      learn(learner, 50, 53); // all of it must be forgotten
      learner.keepAsBest();
      predictions(learner);
      assertThat(learner.restore(file)).isEqualTo("{\"epoch\": 7, \"é\": \"œ\"}");
      assertThat(learner.steps()).isEqualTo(7);
      assertThat(learner.learningRate()).isEqualTo(.005);
      assertThat(learn(learner, 7, 12)).isEqualTo(expectedLosses);
      assertSame(weights(learner), expected);
      learner.restoreBest();
      assertSame(weights(learner), expectedBest);
    }
  }

  @Test
  void savingAndEvaluatingDoNotChangeTraining() throws IOException {
    Map<String, float[]> expected;
    try (Learner learner = seeded(withAllOptions(), 1)) {
      learn(learner, 0, 6);
      expected = weights(learner);
    }
    try (Learner learner = seeded(withAllOptions(), 1)) {
      for (int i = 0; i < 6; i++) {
        learn(learner, i, i + 1);
        predictions(learner);
        learner.save(temporary.resolve("checkpoint"), "");
        learner.keepAsBest();
      }
      assertSame(weights(learner), expected);
    }
  }

  @Test
  void restoresLearnerSavedBeforeFirstStep() throws IOException {
    Path file = temporary.resolve("checkpoint");
    List<Double> expected;
    try (Learner learner = seeded(withAllOptions(), 1)) {
      learner.save(file, "");
      expected = learn(learner, 0, 3);
    }
    try (Learner learner = seeded(withAllOptions(), 2)) {
      learner.restore(file);
      assertThat(learn(learner, 0, 3)).isEqualTo(expected);
      assertThatThrownBy(learner::restoreBest).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void rejectsDamagedFile() throws IOException {
    Path file = temporary.resolve("checkpoint");
    Path damaged = temporary.resolve("damaged");
    try (Learner learner = seeded(withAllOptions(), 1)) {
      learn(learner, 0, 2);
      learner.save(file, "notes");
      learn(learner, 2, 4);
      Map<String, float[]> before = weights(learner);
      byte[] whole = Files.readAllBytes(file);
      Random random = new Random(5);
      for (int i = 0; i < 40; i++) {
        byte[] bytes = whole.clone();
        int at = i < 24 ? i : random.nextInt(bytes.length);
        bytes[at] ^= (byte) (1 << random.nextInt(8));
        Files.write(damaged, bytes);
        assertThatThrownBy(() -> learner.restore(damaged))
            .as("byte %d of %d", at, whole.length)
            .isInstanceOf(UserErrorException.class)
            .hasMessageContaining(damaged.toString());
      }
      for (int length : new int[] {0, 7, 19, 20, 21, 500, whole.length / 2, whole.length - 1}) {
        Files.write(damaged, Arrays.copyOf(whole, length));
        assertThatThrownBy(() -> learner.restore(damaged))
            .as("%d bytes", length)
            .isInstanceOf(UserErrorException.class)
            .hasMessageContaining(damaged.toString());
      }
      Files.write(damaged, Arrays.copyOf(whole, whole.length + 1));
      assertThatThrownBy(() -> learner.restore(damaged)).isInstanceOf(UserErrorException.class);
      Files.write(damaged, new byte[64 << 20]);
      assertThatThrownBy(() -> learner.restore(damaged))
          .isInstanceOf(UserErrorException.class)
          .hasMessageContaining("67108864 bytes");
      assertThat(learner.steps()).isEqualTo(4);
      assertSame(weights(learner), before);
    }
  }

  @Test
  void rejectsOtherNetworkOrSettings() throws IOException {
    Path file = temporary.resolve("checkpoint");
    try (Learner learner = seeded(withAllOptions(), 1)) {
      learner.save(file, "");
    }
    try (Learner other =
        seeded(
            withAllOptions().withNetwork(network(3).add(Linear.builder().setUnits(1).build())),
            1)) {
      assertThatThrownBy(() -> other.restore(file))
          .hasMessageContaining("10 parameters")
          .hasMessageContaining("8 parameters in " + file);
    }
    try (Learner other = seeded(withAllOptions().withNetwork(network(2)), 1)) {
      Map<String, float[]> before = weights(other);
      assertThatThrownBy(() -> other.restore(file))
          .hasMessageContaining("06Linear_weight (2, 784)")
          .hasMessageContaining("06Linear_weight (1, 784) in " + file);
      assertSame(weights(other), before);
    }
    try (Learner other = seeded(withAllOptions().weightDecay(.03), 1)) {
      assertThatThrownBy(() -> other.restore(file))
          .hasMessageContaining("weightDecay=0.03")
          .hasMessageContaining("weightDecay=0.02");
    }
    try (Learner other = seeded(plain(1), 1)) {
      assertThatThrownBy(() -> other.restore(file)).hasMessageContaining("no averaging");
    }
  }

  @ParameterizedTest
  @EnumSource(EmaConfig.Start.class)
  void evaluatesEmaAndTrainsWeights(EmaConfig.Start start) {
    EmaConfig averaging = new EmaConfig(.8, start);
    List<Map<String, float[]>> learned = new ArrayList<>();
    List<Double> losses;
    try (Learner learner = seeded(plain(1), 1)) {
      learned.add(weights(learner));
      losses = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        losses.addAll(learn(learner, i, i + 1));
        learned.add(weights(learner));
      }
    }
    try (Learner learner = seeded(plain(1).ema(averaging), 1)) {
      for (int i = 0; i < 5; i++) {
        assertThat(learn(learner, i, i + 1)).containsExactly(losses.get(i));
        predictions(learner);
      }
      weights(learner)
          .forEach(
              (name, average) -> {
                for (int j = 0; j < average.length; j++) {
                  double expected = of(learned.get(0), name)[j];
                  for (int t = 0; t < 5; t++) {
                    double decay =
                        start == EmaConfig.Start.AT_ONCE ? .8 : Math.min(.8, (1.0 + t) / (10 + t));
                    expected = decay * expected + (1 - decay) * of(learned.get(t + 1), name)[j];
                  }
                  assertThat((double) average[j]).as(name).isCloseTo(expected, within(1e-6));
                }
              });
    }
  }

  @Test
  void bestWeightsAreEmaAtThatTime() {
    Map<String, float[]> then;
    try (Learner learner = seeded(withAllOptions(), 1)) {
      learn(learner, 0, 5);
      then = weights(learner);
    }
    try (Learner learner = seeded(withAllOptions(), 1)) {
      learn(learner, 0, 5);
      learner.keepAsBest();
      learn(learner, 5, 9);
      assertThat(weights(learner).get("06Linear_weight")).isNotEqualTo(then.get("06Linear_weight"));
      learner.restoreBest();
      assertSame(weights(learner), then);
      learn(learner, 9, 10);
      assertThat(weights(learner).get("06Linear_weight")).isNotEqualTo(then.get("06Linear_weight"));
    }
  }

  @Test
  void frozenParametersDoNotChange() {
    try (Learner learner = seeded(withAllOptions(), 1)) {
      Map<String, float[]> before = weights(learner);
      learner.setRateFactors(Map.of("", 0.0, "06", 1.0));
      learn(learner, 0, 3);
      weights(learner)
          .forEach(
              (name, values) -> {
                boolean moves = name.startsWith("06") || name.contains("running");
                if (moves) {
                  assertThat(values).as(name).isNotEqualTo(before.get(name));
                } else {
                  assertThat(values).as(name).isEqualTo(before.get(name));
                }
              });
      assertThat(parameter(learner, "01Conv2d_weight").getArray().hasGradient()).isFalse();
      learner.setRateFactors(Map.of());
      assertThat(parameter(learner, "01Conv2d_weight").getArray().hasGradient()).isTrue();
      assertThat(parameter(learner, "02BatchNorm_runningMean").getArray().hasGradient()).isFalse();
      learn(learner, 3, 4);
      assertThat(weights(learner).get("01Conv2d_weight"))
          .isNotEqualTo(before.get("01Conv2d_weight"));
    }
  }

  @Test
  void restoresFrozenParameters() throws IOException {
    Path file = temporary.resolve("checkpoint");
    Map<String, float[]> expected;
    try (Learner learner = seeded(withAllOptions(), 1)) {
      learn(learner, 0, 2);
      learner.setRateFactors(Map.of("01Conv2d", 0.0));
      learn(learner, 2, 3);
      learner.save(file, "");
      learn(learner, 3, 5);
      expected = weights(learner);
    }
    try (Learner learner = seeded(withAllOptions(), 2)) {
      learner.restore(file);
      learn(learner, 3, 5);
      assertSame(weights(learner), expected);
    }
  }

  private static Parameter parameter(Learner learner, String name) {
    return learner.model().getBlock().getParameters().get(name);
  }

  @Test
  void rejectsUnknownParameters() {
    try (Learner learner = seeded(plain(1), 1)) {
      assertThatThrownBy(() -> learner.setRateFactors(Map.of("backbone", .1)))
          .isInstanceOf(UserErrorException.class)
          .hasMessageContaining("01Conv2d")
          .hasMessageContaining("'backbone'");
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
  void nonFiniteLossChangesNothing(float bad) {
    try (Learner learner = seeded(withAllOptions(), 1)) {
      learn(learner, 0, 2);
      Map<String, float[]> before = weights(learner);
      float[] images = new float[BATCH * SIDE * SIDE];
      images[77] = bad;
      try (Batch batch = batch(learner, images, new float[BATCH])) {
        Learner.StepResult step = learner.step(batch);
        assertThat(step.isFinite()).isFalse();
        assertThat(step.loss()).isNaN();
      }
      assertThat(learner.steps()).isEqualTo(2);
      Map<String, float[]> after = weights(learner);
      before.keySet().removeIf(name -> name.contains("running"));
      before.forEach((name, values) -> assertThat(after.get(name)).as(name).isEqualTo(values));
    }
  }

  @Test
  void evaluateGivesLossOfEachImage() {
    Loss objective = new SoftmaxCrossEntropy(List.of(1.0, 3.0), .1);
    try (Learner learner = seeded(plain(2).loss(objective), 1);
        Batch batch = batch(learner, 999)) {
      Learner.BatchPredictions answers = learner.evaluate(batch);
      float[] labels = batch.getLabels().singletonOrThrow().toFloatArray();
      assertThat(answers.outputs()).hasDimensions(BATCH, 2);
      for (int i = 0; i < BATCH; i++) {
        float[] label = {labels[i]};
        assertThat(answers.losses()[i])
            .isEqualTo(objective.sampleLoss(answers.outputs()[i], label));
        assertThat(answers.weights()[i]).isEqualTo(labels[i] == 1 ? 3 : 1);
      }
      Learner.StepResult step = learner.step(batch);
      assertThat(step.weight()).isEqualTo(Arrays.stream(answers.weights()).sum());
      assertThat(step.outputs()).hasDimensions(BATCH, 2);
    }
  }

  @Test
  void autoencoderTargetsAreItsImages() {
    SequentialBlock autoencoder =
        new SequentialBlock()
            .add(
                Conv2d.builder()
                    .setFilters(1)
                    .setKernelShape(new Shape(3, 3))
                    .optPadding(new Shape(1, 1))
                    .build());
    LearnerBuilder builder =
        plain(1).withNetwork(autoencoder).loss(new MeanSquaredError()).learningRate(.05);
    try (Learner learner = seeded(builder, 1);
        Batch batch = batch(learner, 1)) {
      double first = learner.step(batch).loss();
      for (int i = 0; i < 40; i++) {
        learner.step(batch);
      }
      Learner.BatchPredictions answers = learner.evaluate(batch);
      assertThat(answers.outputs()).hasDimensions(BATCH, SIDE * SIDE);
      double last = Arrays.stream(answers.losses()).average().orElseThrow();
      assertThat(last).isLessThan(first / 4);
    }
  }

  private static SequentialBlock large() {
    return new SequentialBlock()
        .add(Blocks.batchFlattenBlock())
        .add(Linear.builder().setUnits(4096).build())
        .add(Linear.builder().setUnits(512).build())
        .add(Linear.builder().setUnits(1).build());
  }

  /** 3.1 M parameters: with moments, average and best 63 MB a learner. */
  private static void createTrainAndClose() {
    try (Learner learner = seeded(withAllOptions().withNetwork(large()), 1)) {
      for (int epoch = 0; epoch < 2; epoch++) {
        learn(learner, 0, 1);
        predictions(learner);
        learner.keepAsBest();
      }
      learner.restoreBest();
    }
  }

  private static long residentMebibytes() throws IOException {
    Path status = Path.of("/proc/self/status");
    Assumptions.assumeTrue(Files.isReadable(status), "only Linux tells");
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void closedLearnersFreeMemory() throws IOException {
    for (int i = 0; i < 6; i++) {
      createTrainAndClose();
    }
    long before = residentMebibytes();
    for (int i = 0; i < 36; i++) {
      createTrainAndClose();
    }
    // One set of weights that stayed behind each time would be 440; the heap and malloc sway by
    // 100.
    assertThat(residentMebibytes() - before).as("MiB more").isLessThan(220);
  }

  @Test
  void stepsLeaveNoArrays() throws IOException {
    try (Learner learner = seeded(withAllOptions(), 1);
        Batch batch = batch(learner, 1)) {
      learner.step(batch);
      learner.evaluate(batch);
      int arrays = learner.manager().getParentManager().getManagedArrays().size();
      int own = learner.manager().getManagedArrays().size();
      int held = batch.getManager().getManagedArrays().size();
      for (int i = 0; i < 20; i++) {
        learner.step(batch);
        learner.evaluate(batch);
      }
      assertThat(learner.manager().getParentManager().getManagedArrays()).hasSize(arrays);
      assertThat(learner.manager().getManagedArrays()).hasSize(own);
      assertThat(batch.getManager().getManagedArrays()).hasSize(held);
    }
  }
}
