package dev.cxr.train.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.util.Pair;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.index.DatasetReader;
import dev.cxr.train.data.TrainingData;
import dev.cxr.train.learner.Learner;
import dev.cxr.train.learner.LearnerBuilder;
import dev.cxr.train.loss.BinaryCrossEntropy;
import dev.cxr.train.recipe.Recipe;
import dev.cxr.train.recipe.Recipes;
import dev.cxr.train.run.SmallRun;
import dev.cxr.train.tensorboard.TensorBoardLogger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Trains a tiny linear network, to test what the loop does and when. */
class TrainingLoopTest {

  private static final int BATCHES = 5;

  @TempDir private static Path shared;
  @TempDir private Path temporary;
  private static Path data;
  private Map<String, float[]> before = Map.of();
  private Map<String, float[]> after = Map.of();

  @BeforeAll
  static void writeImages() throws IOException {
    data = shared.resolve("data");
    SmallRun.writeImages(data);
  }

  private static Recipes.ResolvedRecipe recipe(String... settings) throws IOException {
    Map<String, String> all = new LinkedHashMap<>();
    for (String setting :
        Stream.concat(
                Stream.of("side=32", "epochs=3", "batch-size=16", "validation.fraction=0.3"),
                Stream.of(settings))
            .toList()) {
      int equals = setting.indexOf('=');
      all.put(setting.substring(0, equals), setting.substring(equals + 1));
    }
    return Recipes.read("quick", all);
  }

  private static Learner learner(Recipe recipe, Block first) {
    Block network =
        new SequentialBlock()
            .add(first)
            .add(Blocks.batchFlattenBlock())
            .add(Linear.builder().setUnits(2).build())
            .add(Linear.builder().setUnits(1).build());
    return new LearnerBuilder(network, 32, new BinaryCrossEntropy(1, 1, 0), recipe.learningRate())
        .build();
  }

  /** Trains in {@code run}, which must not exist, without a bundle. */
  private TrainingLoop train(Path run, Duration saveEvery, Block first, String... settings)
      throws Exception {
    Recipe recipe = recipe(settings).recipe();
    TrainingData trainingData =
        TrainingData.open(recipe, DatasetReader.read(data.toString(), recipe.validation()));
    Files.createDirectories(run);
    try (Learner learner = learner(recipe, first);
        RunLog log = new RunLog(run.resolve("run.log"));
        TensorBoardLogger tensorBoard =
            new TensorBoardLogger(run, trainingData.train().batchesPerEpoch())) {
      TrainingLoop.requireCompatible(recipe, learner);
      TrainingLoop training =
          new TrainingLoop(
              recipe,
              trainingData,
              learner,
              new TrainingLoop.RunFiles(
                  new CheckpointFolder(run.resolve("checkpoints")),
                  run.resolve("history.csv"),
                  log,
                  tensorBoard),
              new TrainingOptions(
                  new StopSignal(), saveEvery, Device.cpu(), TrainingListener.NONE));
      before = weights(learner);
      training.train();
      after = weights(learner);
      return training;
    }
  }

  private static Map<String, float[]> weights(Learner learner) {
    Map<String, float[]> weights = new LinkedHashMap<>();
    for (Pair<String, Parameter> pair : learner.model().getBlock().getParameters()) {
      weights.put(pair.getKey(), pair.getValue().getArray().toFloatArray());
    }
    return weights;
  }

  private TrainingLoop train(String... settings) throws Exception {
    return train(temporary.resolve("run"), Duration.ofHours(1), Blocks.identityBlock(), settings);
  }

  private static List<String> checkpoints(Path run) throws IOException {
    if (!Files.exists(run.resolve("checkpoints"))) {
      return List.of();
    }
    try (Stream<Path> list = Files.list(run.resolve("checkpoints"))) {
      return list.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  /** An identity block that makes the loss NaN from a certain call on. */
  private static Block failingAt(int call) {
    AtomicInteger calls = new AtomicInteger();
    return new LambdaBlock(
        list ->
            calls.incrementAndGet() < call
                ? list
                : new NDList(list.singletonOrThrow().mul(Float.NaN)));
  }

  @Test
  void nanLossStopsAndNamesFiles() throws Exception {
    Path run = temporary.resolve("run");
    // Building the network, one epoch with its validation, and one batch more.
    int call = 1 + BATCHES + 1 + 2;
    assertThatThrownBy(() -> train(run, Duration.ofHours(1), failingAt(call)))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("a loss of NaN")
        .hasMessageContaining("in epoch 2, batch 2, which holds train/")
        .satisfies(
            refusal -> assertThat(refusal.toString().split("\\.jpe?g|\\.png", -1)).hasSize(16 + 1));
    assertThat(checkpoints(run)).containsExactly("00002-000000.ckpt");
  }

  @Test
  void nanValidationLossStops() {
    Path run = temporary.resolve("run");
    assertThatThrownBy(() -> train(run, Duration.ofHours(1), failingAt(1 + BATCHES + 1)))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("a finite validation loss")
        .hasMessageContaining("after epoch 1");
  }

  @Test
  void savesWithinEpoch() throws Exception {
    Path run = temporary.resolve("run");
    assertThatThrownBy(() -> train(run, Duration.ZERO, failingAt(1 + 4)))
        .isInstanceOf(UserErrorException.class);
    assertThat(checkpoints(run)).containsExactly("00001-000002.ckpt", "00001-000003.ckpt");
  }

  @Test
  void combinesWarmUpCosineAndPlateau() throws Exception {
    TrainingLoop training =
        train(
            "learning-rate=0.001",
            "schedule=cosine",
            "warm-up-steps=7",
            "plateau={factor: 0.5, patience: 1, min-delta: 1000}");
    List<Double> rates = new ArrayList<>();
    training.history().forEach(row -> rates.add(row.learningRate()));
    assertThat(rates)
        .containsExactly(
            0.001 * 5 / 7,
            new LearningRateTracker(0.001, 7, 15).at(9),
            new LearningRateTracker(0.0005, 7, 15).at(14));
    assertThat(rates.get(1)).isCloseTo(0.001 * (1 + Math.cos(Math.PI / 4)) / 2, within(1e-12));
  }

  @ParameterizedTest
  @CsvSource({"6, 6", "0.4, 6", "40%, 6", "15, 1", "150, 1"})
  void warmUpIsANumberOrShareOfStepsAndShorterThanTheRun(String warmUp, int steps)
      throws Exception {
    TrainingLoop training = train("learning-rate=0.001", "plateau=none", "warm-up-steps=" + warmUp);
    assertThat(training.history().get(0).learningRate())
        .isEqualTo(new LearningRateTracker(0.001, steps, LearningRateTracker.UNBOUNDED).at(4));
  }

  @Test
  void keepsBestEpochOfMonitoredMetric() throws Exception {
    TrainingLoop lowest = train("monitor=training-loss", "early-stopping=none");
    int best =
        lowest.history().stream()
            .min(Comparator.comparing(EpochMetrics::trainLoss))
            .orElseThrow()
            .epoch();
    assertThat(lowest.end().reason()).isEqualTo("All 3 epochs done. Best: epoch " + best + ".");
    temporary = temporary.resolve("last");
    TrainingLoop last = train("keep=last", "early-stopping={patience: 1, min-delta: 1000}");
    assertThat(last.end().reason())
        .isEqualTo("Stopped: the validation loss has not fallen for 1 epoch. Kept: epoch 2.");
    temporary = temporary.resolve("first");
    TrainingLoop first =
        train("monitor=validation-auroc", "early-stopping={patience: 1, min-delta: 0.9}");
    assertThat(first.end().reason())
        .isEqualTo("Stopped: the validation AUROC has not risen for 1 epoch. Best: epoch 1.");
  }

  @Test
  void phasesFreezeLayers() throws Exception {
    String first = "phases=[{from-epoch: 1, others: 0, factors: {04Linear: 1}}";
    train("keep=last", first + "]");
    assertThat(after.get("03Linear_weight")).isEqualTo(before.get("03Linear_weight"));
    assertThat(after.get("04Linear_weight")).isNotEqualTo(before.get("04Linear_weight"));
    temporary = temporary.resolve("thawed");
    train("keep=last", first + ", {from-epoch: 3, factors: {04Linear: 0}}]");
    assertThat(after.get("03Linear_weight")).isNotEqualTo(before.get("03Linear_weight"));
    temporary = temporary.resolve("later");
    train("keep=last", first + ", {from-epoch: 4}]");
    assertThat(after.get("03Linear_weight")).isEqualTo(before.get("03Linear_weight"));
  }

  @Test
  void rejectsUnknownLayer() {
    assertThatThrownBy(() -> train("phases=[{from-epoch: 3, factors: {backbone: 0}}]"))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("'backbone'");
    assertThat(temporary.resolve("run/checkpoints")).doesNotExist();
  }
}
