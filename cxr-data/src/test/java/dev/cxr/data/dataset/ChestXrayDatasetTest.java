package dev.cxr.data.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.modality.cv.Image;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.Batch;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.augment.Augmentation;
import dev.cxr.data.augment.AugmentationKind;
import dev.cxr.data.dataset.Sampling.EveryImage;
import dev.cxr.data.dataset.Sampling.FindingShares;
import dev.cxr.data.image.Resampler;
import dev.cxr.data.index.Finding;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.Task;
import dev.cxr.data.index.Xray;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChestXrayDatasetTest {

  private static final int SIDE = 16;
  private static final Augmentation ALL =
      Augmentation.builder()
          .opt(AugmentationKind.ROTATION_DEGREES, -10, 10)
          .opt(AugmentationKind.SHIFT, -0.1, 0.1)
          .opt(AugmentationKind.ZOOM, 0.9, 1.1)
          .opt(AugmentationKind.BRIGHTNESS, -0.2, 0.2)
          .optMirror(true)
          .build();

  private static final FindingShares HALVES =
      new FindingShares(
          Map.of(Finding.NORMAL, 0.5, Finding.BACTERIAL_PNEUMONIA, 0.25, Finding.PNEUMONIA, 0.25));

  @TempDir private static Path folder;
  private static Set<Path> before = Set.of();

  /** 21 images to train on, 6 to test on. */
  private static ImageStore pixels;

  /** The values of a batch. */
  private record Numbers(Shape shape, List<Float> data, List<Float> labels) {

    int size() {
      return labels.size();
    }

    List<Float> image(int index) {
      return data.subList(index * SIDE * SIDE, (index + 1) * SIDE * SIDE);
    }
  }

  @BeforeAll
  static void createImages() throws Exception {
    before = NoiseImages.cacheFiles();
    List<Xray> xrays = new ArrayList<>();
    for (int i = 0; i < 27; i++) {
      Path file = NoiseImages.write(folder.resolve(i + ".png"), i);
      xrays.add(
          NoiseImages.xray(file, Finding.BUILT_IN.get(i % 4), i < 21 ? Split.TRAIN : Split.TEST));
    }
    pixels = ImageStore.open(NoiseImages.index(xrays), EnumSet.allOf(Split.class), SIDE);
  }

  @AfterAll
  static void deleteCacheFiles() throws Exception {
    NoiseImages.removeCacheFilesSince(before);
  }

  @Test
  void batchesHaveDocumentedShapeTypeAndRange() throws Exception {
    try (NDManager manager = NDManager.newBaseManager();
        PrefetchThread thread = new PrefetchThread()) {
      int batches = 0;
      for (Batch batch : dataset(Split.TRAIN, 7, ALL, 1).epoch(manager, 1, thread.executor())) {
        NDArray data = batch.getData().singletonOrThrow();
        NDArray labels = batch.getLabels().singletonOrThrow();
        assertThat(data.getShape()).isEqualTo(new Shape(7, 1, SIDE, SIDE));
        assertThat(data.getDataType()).isEqualTo(DataType.FLOAT32);
        assertThat(data.min().getFloat()).isGreaterThanOrEqualTo(0);
        assertThat(data.max().getFloat()).isLessThanOrEqualTo(1).isGreaterThan(0.5f);
        assertThat(labels.getShape()).isEqualTo(new Shape(7));
        assertThat(labels.getDataType()).isEqualTo(DataType.FLOAT32);
        batch.close();
        batches++;
      }
      assertThat(batches).isEqualTo(3);
    }
  }

  @Test
  void inOrderFollowsXraysAndLabels() throws Exception {
    ChestXrayDataset dataset = dataset(Split.TEST, 4, Augmentation.NONE, 1);
    List<Numbers> batches = inOrder(dataset);
    assertThat(batches).extracting(Numbers::size).containsExactly(4, 2);
    assertThat(dataset.xrays()).hasSize(6).allMatch(x -> x.split() == Split.TEST);
    for (int i = 0; i < 6; i++) {
      Xray xray = dataset.xrays().get(i);
      Numbers batch = batches.get(i / 4);
      assertThat(batch.image(i % 4)).as(xray.id()).isEqualTo(image(xray));
      assertThat(batch.labels().get(i % 4))
          .isEqualTo(xray.finding().equals(Finding.NORMAL) ? 0f : 1f);
      assertThat(dataset.labels()[i]).isEqualTo(xray.finding().equals(Finding.NORMAL) ? 0 : 1);
    }
  }

  @Test
  void epochContainsEveryImageOnceWithItsLabel() throws Exception {
    ChestXrayDataset dataset = dataset(Split.TRAIN, 4, Augmentation.NONE, 1);
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < dataset.xrays().size(); i++) {
      expected.add(dataset.labels()[i] + ".0 " + image(dataset.xrays().get(i)));
    }
    List<String> found = new ArrayList<>();
    for (Numbers batch : epoch(dataset, 1, 1)) {
      for (int i = 0; i < batch.size(); i++) {
        found.add(batch.labels().get(i) + " " + batch.image(i));
      }
    }
    assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(found).isNotEqualTo(expected); // shuffled
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 7})
  void sameSeedAndEpochGiveSameBytesForAnyThreadCount(int threads) throws Exception {
    for (Sampling sampling : List.of(EveryImage.NATURAL, EveryImage.OVERSAMPLED, HALVES)) {
      List<Numbers> once = epoch(sampled(sampling, Augmentation.ALL_KINDS), 3, 1);
      assertThat(epoch(sampled(sampling, Augmentation.ALL_KINDS), 3, threads)).isEqualTo(once);
    }
  }

  @Test
  void concurrentEpochsEqualSequentialEpochs() throws Exception {
    ChestXrayDataset dataset = dataset(Split.TRAIN, 4, ALL, 7);
    List<Numbers> second = epoch(dataset, 2, 1);
    List<Numbers> third = epoch(dataset, 3, 1);
    List<Numbers> both = new ArrayList<>();
    try (NDManager manager = NDManager.newBaseManager();
        PrefetchThread thread = new PrefetchThread()) {
      Iterator<Batch> even = dataset.epoch(manager, 2, thread.executor()).iterator();
      Iterator<Batch> odd = dataset.epoch(manager, 3, thread.executor()).iterator();
      while (even.hasNext() && odd.hasNext()) {
        both.add(numbers(even.next()));
        both.add(numbers(odd.next()));
      }
      assertThat(odd.hasNext()).isFalse();
    }
    for (int i = 0; i < second.size(); i++) {
      assertThat(both.get(2 * i)).isEqualTo(second.get(i));
      assertThat(both.get(2 * i + 1)).isEqualTo(third.get(i));
    }
    assertThat(both).hasSize(second.size() + third.size());
  }

  @Test
  void repeatedImagesAreAugmentedDifferently() throws Exception {
    ChestXrayDataset dataset = sampled(EveryImage.OVERSAMPLED, ALL);
    List<List<Float>> images = images(epoch(dataset, 1, 1));
    assertThat(images).hasSize(dataset.epochSize()).hasSize(30).doesNotHaveDuplicates();
  }

  @Test
  void epochLabelsMatchBatches() throws Exception {
    for (Sampling sampling : List.of(EveryImage.NATURAL, EveryImage.OVERSAMPLED, HALVES)) {
      ChestXrayDataset dataset = sampled(sampling, ALL);
      List<Float> labels = new ArrayList<>();
      epoch(dataset, 2, 1).forEach(batch -> labels.addAll(batch.labels()));
      int[] expected = dataset.epochLabels(2);
      assertThat(expected).hasSize(dataset.epochSize());
      for (int i = 0; i < expected.length; i++) {
        assertThat(labels.get(i)).isEqualTo(expected[i]);
      }
    }
  }

  @Test
  void buildRejectsSharesThatDoNotMatchFindings() {
    assertThatThrownBy(() -> sampled(new FindingShares(Map.of(Finding.NORMAL, 1.0)), ALL))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("without one");
  }

  @Test
  void appliesDjlTransformsAfterAugmentation() throws Exception {
    ChestXrayDataset.Builder builder = builder(Split.TRAIN, 4, ALL, 7);
    List<Numbers> plain = epoch(builder.build(), 1, 1);
    List<Numbers> negative = epoch(builder.addTransform(image -> image.neg().add(1)).build(), 1, 1);
    for (int i = 0; i < plain.size(); i++) {
      assertThat(negative.get(i).shape()).isEqualTo(plain.get(i).shape());
      for (int k = 0; k < plain.get(i).data().size(); k++) {
        assertThat(negative.get(i).data().get(k)).isEqualTo(1 - plain.get(i).data().get(k));
      }
    }
  }

  @Test
  void limitTakesFirstImages() throws Exception {
    ChestXrayDataset limited = builder(Split.TRAIN, 4, Augmentation.NONE, 0).optLimit(6).build();
    ChestXrayDataset whole = dataset(Split.TRAIN, 4, Augmentation.NONE, 0);
    assertThat(limited.size()).isEqualTo(6);
    assertThat(limited.xrays()).isEqualTo(whole.xrays().subList(0, 6));
    assertThat(limited.labels()).isEqualTo(Arrays.copyOf(whole.labels(), 6));
    assertThat(images(inOrder(limited))).isEqualTo(images(inOrder(whole)).subList(0, 6));
    assertThat(images(epoch(limited, 1, 1)))
        .containsExactlyInAnyOrderElementsOf(images(inOrder(limited)));
  }

  @Test
  void epochIsTheSameWithoutPrefetching() throws Exception {
    ChestXrayDataset dataset = builder(Split.TRAIN, 4, ALL, 7).optPrefetchNumber(0).build();
    assertThat(epoch(dataset, 1, 2)).isEqualTo(epoch(dataset(Split.TRAIN, 4, ALL, 7), 1, 2));
  }

  @Test
  void acceptsOnlyGrayscaleFlag() {
    ChestXrayDataset.Builder builder = ChestXrayDataset.builder();
    assertThatThrownBy(() -> builder.optFlag(Image.Flag.COLOR))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("GRAYSCALE");
    assertThat(builder.optFlag(Image.Flag.GRAYSCALE)).isSameAs(builder);
  }

  @Test
  void getReturnsEpochZero() throws Exception {
    ChestXrayDataset dataset = dataset(Split.TRAIN, 4, ALL, 7);
    epoch(dataset, 5, 1); // leaves no trace
    List<List<Float>> own = new ArrayList<>();
    try (NDManager manager = NDManager.newBaseManager()) {
      for (int i = 0; i < dataset.size(); i++) {
        own.add(list(dataset.get(manager, i).getData().singletonOrThrow().toFloatArray()));
      }
    }
    assertThat(images(epoch(dataset, 0, 1))).containsExactlyInAnyOrderElementsOf(own);
  }

  /** Published metrics depend on this order and augmentation. */
  @ParameterizedTest
  @CsvSource({"1, 1, 2101906335", "1, 2, 621578583", "-5, 30, 3495016656"})
  void naturalEpochsMatchPublishedChecksums(long seed, int number, long sum) throws Exception {
    CRC32 crc = new CRC32();
    for (Numbers batch : epoch(dataset(Split.TRAIN, 4, ALL, seed), number, 1)) {
      ByteBuffer bits =
          ByteBuffer.allocate((batch.data().size() + batch.labels().size()) * Float.BYTES);
      batch.data().forEach(bits::putFloat);
      batch.labels().forEach(bits::putFloat);
      crc.update(bits.flip());
    }
    assertThat(crc.getValue()).isEqualTo(sum);
  }

  @Test
  void epochIsIndependentOfPreviousEpochs() throws Exception {
    ChestXrayDataset dataset = dataset(Split.TRAIN, 4, ALL, 7);
    List<Numbers> second = epoch(dataset, 2, 1);
    epoch(dataset, 3, 1);
    assertThat(epoch(dataset, 2, 1)).isEqualTo(second);
  }

  @Test
  void epochsDifferInOrderAndAugmentation() throws Exception {
    List<Numbers> first = epoch(dataset(Split.TRAIN, 4, Augmentation.NONE, 7), 1, 1);
    List<Numbers> second = epoch(dataset(Split.TRAIN, 4, Augmentation.NONE, 7), 2, 1);
    assertThat(images(second)).isNotEqualTo(images(first));
    assertDifferentImages(
        epoch(dataset(Split.TRAIN, 4, ALL, 7), 1, 1), epoch(dataset(Split.TRAIN, 4, ALL, 7), 2, 1));
  }

  @Test
  void seedsDifferInOrderAndAugmentation() throws Exception {
    List<Numbers> first = epoch(dataset(Split.TRAIN, 4, Augmentation.NONE, 7), 1, 1);
    List<Numbers> second = epoch(dataset(Split.TRAIN, 4, Augmentation.NONE, 8), 1, 1);
    assertThat(images(second)).isNotEqualTo(images(first));
    assertDifferentImages(
        epoch(dataset(Split.TRAIN, 4, ALL, 7), 1, 1), epoch(dataset(Split.TRAIN, 4, ALL, 8), 1, 1));
  }

  @Test
  void lastBatchOfOneIsMergedIntoPrevious() throws Exception {
    assertThat(epoch(dataset(Split.TRAIN, 4, ALL, 1), 1, 1))
        .extracting(Numbers::size)
        .containsExactly(4, 4, 4, 4, 5);
    assertThat(epoch(dataset(Split.TRAIN, 20, ALL, 1), 1, 1))
        .extracting(Numbers::size)
        .containsExactly(21);
  }

  @Test
  void lastBatchOfTwoIsKept() throws Exception {
    assertThat(epoch(dataset(Split.TRAIN, 19, ALL, 1), 1, 1))
        .extracting(Numbers::size)
        .containsExactly(19, 2);
  }

  @Test
  void reportsClassesAndSizes() {
    ChestXrayDataset dataset = dataset(Split.TRAIN, 4, ALL, 1);
    assertThat(dataset.getClasses()).containsExactly("NORMAL", "PNEUMONIA");
    assertThat(dataset.size()).isEqualTo(21);
    assertThat(dataset.batchSize()).isEqualTo(4);
    assertThat(dataset.getImageChannels()).isEqualTo(1);
    assertThat(dataset.getImageWidth()).contains(SIDE);
    assertThat(dataset.getImageHeight()).contains(SIDE);
  }

  @Test
  void getImageReturnsGrayPixels() {
    ChestXrayDataset dataset = dataset(Split.TEST, 4, Augmentation.NONE, 1);
    byte[] expected = Resampler.resize(NoiseImages.noise(21), SIDE, SIDE).pixels();
    var image = (BufferedImage) dataset.getImage(0).getWrappedImage();
    for (int i = 0; i < expected.length; i++) {
      int gray = expected[i] & 0xFF;
      assertThat(image.getRGB(i % SIDE, i / SIDE))
          .isEqualTo(0xFF000000 | gray << 16 | gray << 8 | gray);
    }
  }

  @Test
  void buildNamesMissingSettings() {
    assertBuildFails(ChestXrayDataset.builder().setTask(Task.BINARY).setBatchSize(4), "setImages");
    assertBuildFails(
        ChestXrayDataset.builder().setImages(pixels, Split.TRAIN).setBatchSize(4), "setTask");
    assertBuildFails(
        ChestXrayDataset.builder().setImages(pixels, Split.TRAIN).setTask(Task.BINARY),
        "setBatchSize");
  }

  private static void assertBuildFails(ChestXrayDataset.Builder builder, String missing) {
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(missing);
  }

  private static void assertDifferentImages(List<Numbers> first, List<Numbers> second) {
    Set<List<Float>> images = Set.copyOf(images(first));
    assertThat(images).hasSize(21);
    assertThat(images(second)).doesNotContainAnyElementsOf(images);
  }

  private static ChestXrayDataset dataset(
      Split split, int batchSize, Augmentation augmentation, long seed) {
    return builder(split, batchSize, augmentation, seed).build();
  }

  private static ChestXrayDataset.Builder builder(
      Split split, int batchSize, Augmentation augmentation, long seed) {
    return ChestXrayDataset.builder()
        .setImages(pixels, split)
        .setTask(Task.BINARY)
        .setBatchSize(batchSize)
        .optAugmentation(augmentation)
        .optSeed(seed);
  }

  private static ChestXrayDataset sampled(Sampling sampling, Augmentation augmentation) {
    return builder(Split.TRAIN, 4, augmentation, 7).optSampling(sampling).build();
  }

  private static List<Numbers> epoch(ChestXrayDataset dataset, int number, int threads)
      throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try (NDManager manager = NDManager.newBaseManager()) {
      return numbers(dataset.epoch(manager, number, executor));
    } finally {
      executor.shutdownNow();
    }
  }

  private static List<Numbers> inOrder(ChestXrayDataset dataset) throws Exception {
    try (NDManager manager = NDManager.newBaseManager();
        PrefetchThread thread = new PrefetchThread()) {
      return numbers(dataset.inOrder(manager, thread.executor()));
    }
  }

  private static List<Numbers> numbers(Iterable<Batch> batches) {
    List<Numbers> numbers = new ArrayList<>();
    batches.forEach(batch -> numbers.add(numbers(batch)));
    return numbers;
  }

  private static Numbers numbers(Batch batch) {
    try (batch) {
      NDArray data = batch.getData().singletonOrThrow();
      NDArray labels = batch.getLabels().singletonOrThrow();
      return new Numbers(data.getShape(), list(data.toFloatArray()), list(labels.toFloatArray()));
    }
  }

  private static List<List<Float>> images(List<Numbers> batches) {
    List<List<Float>> images = new ArrayList<>();
    for (Numbers batch : batches) {
      for (int i = 0; i < batch.size(); i++) {
        images.add(batch.image(i));
      }
    }
    return images;
  }

  /** The pixels of the file of an X-ray, from 0 to 1. */
  private static List<Float> image(Xray xray) throws Exception {
    byte[] stored = Resampler.resize(xray.source().read(), SIDE, SIDE).pixels();
    float[] image = new float[stored.length];
    for (int i = 0; i < image.length; i++) {
      image[i] = (stored[i] & 0xFF) / 255f;
    }
    return list(image);
  }

  private static List<Float> list(float[] values) {
    Float[] boxed = new Float[values.length];
    Arrays.setAll(boxed, i -> values[i]);
    return List.of(boxed);
  }
}
