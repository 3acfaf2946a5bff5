package dev.cxr.data.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Sampler;
import ai.djl.training.initializer.Initializer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.cxr.data.augment.Augmentation;
import dev.cxr.data.augment.AugmentationKind;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.DatasetReader;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.Task;
import dev.cxr.data.index.ValidationSplitRule;
import dev.cxr.data.index.Xray;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The dataset in DJL's own training loop, with the synthetic sample. */
class EasyTrainTest {

  private static final int SIDE = 32;
  private static final int COUNT = 60;
  private static final Augmentation SHIFT =
      Augmentation.builder().opt(AugmentationKind.SHIFT, -0.2, 0.2).build();

  private static Set<Path> before = Set.of();
  private static ImageStore images;

  @BeforeAll
  static void openSyntheticSample() throws Exception {
    before = NoiseImages.cacheFiles();
    DatasetIndex sample = DatasetReader.read(DatasetIndex.SYNTHETIC, ValidationSplitRule.DEFAULT);
    List<Xray> train = sample.inSplit(Split.TRAIN);
    List<Xray> some =
        IntStream.range(0, COUNT).mapToObj(i -> train.get(i * train.size() / COUNT)).toList();
    images = ImageStore.open(sample.withXrays(some, List.of()), EnumSet.of(Split.TRAIN), SIDE);
  }

  @AfterAll
  static void deleteCacheFiles() throws Exception {
    NoiseImages.removeCacheFilesSince(before);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyEpochIsShuffledAndAugmentedAnew(boolean prefetch) throws Exception {
    List<List<Integer>> batches = fit(builder().setBatchSize(20).build(), prefetch);
    List<Integer> first = epoch(batches, 0);
    List<Integer> second = epoch(batches, 1);
    assertThat(first).hasSize(COUNT).doesNotHaveDuplicates();
    assertThat(second).hasSize(COUNT).doesNotContainAnyElementsOf(first);
    // An epoch in class order would have only one class in its first batch.
    ChestXrayDataset dataset = builder().setBatchSize(20).build();
    assertThat(Set.copyOf(labels(dataset).subList(0, 20))).hasSize(2);
  }

  @Test
  void epochsDependOnlyOnSeed() throws Exception {
    List<List<Integer>> one = fit(builder().setSampling(20, true).build(), false);
    assertThat(fit(builder().setSampling(20, true).build(), true)).isEqualTo(one);
    assertThat(fit(builder().setSampling(20, true).optSeed(9).build(), true)).isNotEqualTo(one);
  }

  @Test
  void shuffledEpochsContainEveryImageOnceInDifferentOrder() throws Exception {
    ChestXrayDataset.Builder plain = builder().optAugmentation(Augmentation.NONE).setBatchSize(20);
    List<List<Integer>> batches = fit(plain.build(), false);
    assertThat(epoch(batches, 1))
        .isNotEqualTo(epoch(batches, 0))
        .containsExactlyInAnyOrderElementsOf(epoch(batches, 0));
  }

  @Test
  void withoutShufflingOnlyAugmentationDiffers() throws Exception {
    ChestXrayDataset dataset = builder().setSampling(20, false).build();
    List<Float> inOrder = new ArrayList<>();
    for (int label : dataset.labels()) {
      inOrder.add((float) label);
    }
    assertThat(labels(dataset)).isEqualTo(inOrder);
    List<List<Integer>> batches = fit(dataset, false);
    assertThat(epoch(batches, 1)).doesNotContainAnyElementsOf(epoch(batches, 0));
  }

  @Test
  void followsGivenSampler() throws Exception {
    Sampler sampler =
        new Sampler() {
          @Override
          public Iterator<List<Long>> sample(RandomAccessDataset dataset) {
            return List.of(List.of(5L, 3L), List.of(7L, 1L, 2L)).iterator();
          }

          @Override
          public int getBatchSize() {
            return 2;
          }
        };
    ChestXrayDataset.Builder plain = builder().optAugmentation(Augmentation.NONE);
    List<Integer> all = epoch(fit(plain.setSampling(COUNT, false).build(), false), 0);
    List<Integer> first = List.of(all.get(5), all.get(3));
    List<Integer> second = List.of(all.get(7), all.get(1), all.get(2));
    assertThat(fit(plain.setSampling(sampler).build(), true))
        .containsExactly(first, second, first, second);
  }

  @Test
  void dropsLastBatchOnRequest() throws Exception {
    assertThat(fit(builder().setSampling(25, true, true).build(), false))
        .extracting(List::size)
        .containsExactly(25, 25, 25, 25);
  }

  @Test
  void subDatasetsAreAugmentedAnew() throws Exception {
    RandomAccessDataset part = builder().setBatchSize(20).build().subDataset(0, 10);
    try (NDManager manager = NDManager.newBaseManager()) {
      float[] first = part.get(manager, 3).getData().singletonOrThrow().toFloatArray();
      float[] second = part.get(manager, 3).getData().singletonOrThrow().toFloatArray();
      assertThat(second).isNotEqualTo(first);
    }
  }

  private static ChestXrayDataset.Builder builder() {
    return ChestXrayDataset.builder()
        .setImages(images, Split.TRAIN)
        .setTask(Task.BINARY)
        .optAugmentation(SHIFT);
  }

  /** Trains for two epochs; returns a hash of each image that the model sees, batch by batch. */
  private static List<List<Integer>> fit(ChestXrayDataset dataset, boolean prefetch)
      throws Exception {
    List<List<Integer>> seen = new ArrayList<>();
    SequentialBlock block =
        new SequentialBlock()
            .add(
                new LambdaBlock(
                    input -> {
                      record(input.singletonOrThrow(), seen);
                      return new NDList(input);
                    }))
            .add(Blocks.batchFlattenBlock())
            .add(Linear.builder().setUnits(2).build());
    // DJL rejects gradients of zero, which a saturated softmax would have: no weights, small steps.
    block.setInitializer(Initializer.ZEROS, Parameter.Type.WEIGHT);
    Optimizer optimizer = Optimizer.sgd().setLearningRateTracker(Tracker.fixed(1e-6f)).build();
    DefaultTrainingConfig config =
        new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss()).optOptimizer(optimizer);
    ExecutorService executor = Executors.newFixedThreadPool(3);
    if (prefetch) {
      config.optExecutorService(executor);
    }
    try (Model model = Model.newInstance("flat")) {
      model.setBlock(block);
      try (Trainer trainer = model.newTrainer(config)) {
        trainer.initialize(new Shape(1, 1, SIDE, SIDE));
        seen.clear();
        EasyTrain.fit(trainer, 2, dataset, null);
      }
    } finally {
      executor.shutdownNow();
    }
    return seen;
  }

  /** A hash of the pixels of each image. */
  private static void record(NDArray batch, List<List<Integer>> seen) {
    float[] pixels = batch.toFloatArray();
    int size = SIDE * SIDE;
    seen.add(
        IntStream.range(0, pixels.length / size)
            .mapToObj(i -> Arrays.hashCode(Arrays.copyOfRange(pixels, i * size, (i + 1) * size)))
            .toList());
  }

  private static List<Integer> epoch(List<List<Integer>> batches, int number) {
    int length = batches.size() / 2;
    return batches.subList(number * length, (number + 1) * length).stream()
        .flatMap(List::stream)
        .toList();
  }

  private static List<Float> labels(ChestXrayDataset dataset) throws Exception {
    List<Float> labels = new ArrayList<>();
    try (NDManager manager = NDManager.newBaseManager()) {
      for (Batch batch : dataset.getData(manager)) {
        try (batch) {
          for (float label : batch.getLabels().singletonOrThrow().toFloatArray()) {
            labels.add(label);
          }
        }
      }
    }
    return labels;
  }
}
