package dev.cxr.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Batch;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.dataset.ChestXrayDataset;
import dev.cxr.data.dataset.PrefetchThread;
import dev.cxr.data.image.PngEncoder;
import dev.cxr.data.image.Resampler;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.DatasetReader;
import dev.cxr.data.index.Finding;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.ValidationSplitRule;
import dev.cxr.data.index.Xray;
import dev.cxr.train.recipe.Recipe;
import dev.cxr.train.recipe.Recipes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a small collection with more pneumonias than normals. */
class TrainingDataTest {

  private static final String SHARES =
      "sampling={shares: {normal: .4, bacterial-pneumonia: .36, viral-pneumonia: .24}}";

  @TempDir private static Path folder;

  @BeforeAll
  static void writeImages() throws IOException {
    List<Xray> sample =
        DatasetReader.read(DatasetIndex.SYNTHETIC, ValidationSplitRule.DEFAULT).xrays();
    Map<Finding, Integer> wanted =
        Map.of(Finding.NORMAL, 16, Finding.BACTERIAL_PNEUMONIA, 24, Finding.VIRAL_PNEUMONIA, 16);
    for (Map.Entry<Finding, Integer> some : wanted.entrySet()) {
      for (Xray xray :
          sample.stream()
              .filter(x -> x.finding().equals(some.getKey()))
              .limit(some.getValue())
              .toList()) {
        Path file = folder.resolve("train").resolve(Path.of(xray.id()).subpath(1, 3));
        Files.createDirectories(file.getParent());
        PngEncoder.write(Resampler.resize(xray.source().read(), 32, 32), file);
      }
    }
  }

  /** Plain; augmented; augmented and oversampled. */
  @Test
  void supportsAugmentationStudy() throws Exception {
    ChestXrayDataset plain = open("augmentation={}").train();
    List<Integer> stored = imageHashes(plain, 1);
    assertThat(stored).hasSize((int) plain.size());
    assertThat(imageHashes(plain, 2)).containsExactlyInAnyOrderElementsOf(stored);

    ChestXrayDataset augmented = open().train();
    List<Integer> varied = imageHashes(augmented, 1);
    assertThat(varied).hasSameSizeAs(stored).doesNotContainAnyElementsOf(stored);
    assertThat(imageHashes(augmented, 2)).doesNotContainAnyElementsOf(varied);

    ChestXrayDataset oversampled = open("sampling=oversampled").train();
    List<Integer> more = imageHashes(oversampled, 1);
    int[] labels = oversampled.epochLabels(1);
    int pneumonias = Arrays.stream(labels).sum();
    assertThat(labels.length).isEqualTo(2 * pneumonias).isGreaterThan(stored.size());
    assertThat(more).hasSize(labels.length).containsAll(varied).doesNotHaveDuplicates();
  }

  @Test
  void knowsWhetherTheDatasetHasATestSplit() throws Exception {
    Recipe recipe = Recipes.read("quick", Map.of()).recipe();
    DatasetIndex dataset = DatasetReader.read(folder.toString(), ValidationSplitRule.DEFAULT);
    assertThat(TrainingData.open(recipe, dataset).hasTestSplit()).isFalse();
    Xray any = dataset.xrays().get(0);
    List<Xray> more = new ArrayList<>(dataset.xrays());
    more.add(new Xray("test/NORMAL/x.png", any.source(), Finding.NORMAL, "x", Split.TEST));
    assertThat(TrainingData.open(recipe, dataset.withXrays(more, List.of())).hasTestSplit())
        .isTrue();
  }

  @Test
  void validationIsNotAugmentedOrSampled() throws Exception {
    assertThat(open(SHARES).validation().epochLabels(1).length)
        .isEqualTo(open().validation().labels().length);
    assertThat(imageHashes(open(SHARES).validation(), 1))
        .containsExactlyInAnyOrderElementsOf(imageHashes(open().validation(), 2));
  }

  @Test
  void classWeightsFollowSampling() throws IOException {
    int[] labels = open().train().labels();
    double pneumonias = Arrays.stream(labels).sum();
    assertThat(weights())
        .containsExactly(
            labels.length / (2 * (labels.length - pneumonias)), labels.length / (2 * pneumonias));
    assertThat(weights("sampling=oversampled")).containsExactly(1, 1);
    assertThat(weights(SHARES)[0]).isCloseTo(1 / 0.8, within(0.05));
    assertThat(weights(SHARES)[1]).isCloseTo(1 / 1.2, within(0.05));
    assertThat(weights(SHARES, "class-weights=none")).containsExactly(1, 1);
  }

  @Test
  void rejectsSharesWithMissingClass() {
    assertThatThrownBy(() -> open("sampling={shares: {normal: .5, bacterial-pneumonia: .5}}"))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("of viral-pneumonia without a share");
  }

  private static TrainingData open(String... settings) throws IOException {
    Recipe recipe = recipe(settings);
    return TrainingData.open(recipe, DatasetReader.read(folder.toString(), recipe.validation()));
  }

  private static double[] weights(String... settings) throws IOException {
    return open(settings).classWeights(recipe(settings));
  }

  private static Recipe recipe(String... settings) throws IOException {
    Map<String, String> overrides = new LinkedHashMap<>();
    overrides.put("side", "32");
    overrides.put("validation.fraction", "0.3");
    for (String setting : settings) {
      int equals = setting.indexOf('=');
      overrides.put(setting.substring(0, equals), setting.substring(equals + 1));
    }
    return Recipes.read("quick", overrides).recipe();
  }

  /** Every picture of an epoch by its pixels' hash. */
  private static List<Integer> imageHashes(ChestXrayDataset dataset, int epoch) {
    List<Integer> pictures = new ArrayList<>();
    try (NDManager manager = NDManager.newBaseManager();
        PrefetchThread thread = new PrefetchThread()) {
      for (Batch batch : dataset.epoch(manager, epoch, thread.executor())) {
        try (batch) {
          NDArray data = batch.getData().singletonOrThrow();
          for (int i = 0; i < batch.getSize(); i++) {
            pictures.add(Arrays.hashCode(data.get(i).toFloatArray()));
          }
        }
      }
    }
    return pictures;
  }
}
