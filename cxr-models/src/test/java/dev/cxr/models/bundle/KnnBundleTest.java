package dev.cxr.models.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.modality.Input;
import ai.djl.modality.Output;
import ai.djl.ndarray.NDManager;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.PngEncoder;
import dev.cxr.data.index.Task;
import dev.cxr.models.Classifier;
import dev.cxr.models.knn.DistanceMetric;
import dev.cxr.models.knn.KnnIndex;
import dev.cxr.models.knn.KnnVote;
import dev.cxr.models.knn.NearestExamples;
import dev.cxr.models.knn.VoteWeighting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A bundle whose classes are voted is a bundle like any other. */
class KnnBundleTest {

  private static final int EXAMPLE_COUNT = 24;

  @TempDir private Path scratch;
  private Path trainedBundle = Path.of("");
  private Path knnBundle = Path.of("");

  @BeforeEach
  void setPaths() {
    trainedBundle = scratch.resolve("trained");
    knnBundle = scratch.resolve("voting");
  }

  private static Manifest manifest(Task task) {
    Manifest m = TestBundles.manifest();
    return new Manifest(
        m.formatVersion(),
        m.name(),
        task,
        m.architecture(),
        m.input(),
        m.resize(),
        m.presentation(),
        task.classes(),
        task.positiveClass(),
        m.threshold(),
        m.temperature(),
        m.data(),
        m.recipe(),
        m.epoch(),
        m.versions(),
        m.validationMetrics(),
        null,
        null,
        null);
  }

  private static KnnIndex knnIndex(
      KnnIndex.FeatureKind over, DistanceMetric distance, int k, VoteWeighting weighting) {
    return new KnnIndex(
        over,
        distance,
        new KnnVote(k, weighting),
        "by a test",
        EXAMPLE_COUNT,
        "chest-xray",
        "ab".repeat(32),
        "0123456789ab");
  }

  private static int[] labels(Task task) {
    int[] labels = new int[EXAMPLE_COUNT];
    for (int i = 0; i < EXAMPLE_COUNT; i++) {
      labels[i] = i * 7 % task.classes().size();
    }
    return labels;
  }

  /** Indexes the first drawn pictures and answers what the votes should give for the next. */
  private double[][] knnIndex(Task task, KnnIndex index, List<GrayImage> queries)
      throws IOException {
    try (Model model = TestBundles.model(manifest(task))) {
      BundleWriter.write(
          Files.createDirectory(trainedBundle), manifest(task), model, TestBundles.HISTORY);
    }
    Bundle from = Bundle.open(trainedBundle);
    Manifest m = from.manifest();
    Manifest knnManifest =
        m.withKnnIndex(
            index,
            "lungs-knn",
            m.data(),
            new OperatingThreshold(0.4, "by a test"),
            new JsonArray());
    try (Classifier classifier = Classifier.load(from)) {
      float[][] features =
          features(classifier, index.features(), TestBundles.syntheticImages(EXAMPLE_COUNT));
      try (Classifier knnClassifier =
          classifier.withKnnIndex(knnManifest, features, labels(task))) {
        BundleWriter.writeDerived(
            Files.createDirectory(knnBundle), knnManifest, knnClassifier.model(), from);
      }
      float[][] queryFeatures = features(classifier, index.features(), queries);
      return bruteForceShares(task, index, features, queryFeatures);
    }
  }

  private static float[][] features(
      Classifier classifier, KnnIndex.FeatureKind over, List<GrayImage> images) {
    try (NDManager scope = classifier.manager().newSubManager()) {
      return classifier.features(over, ImageBatch.of(scope, images, TestBundles.SIDE));
    }
  }

  /** By brute force. */
  private static double[][] bruteForceShares(
      Task task, KnnIndex index, float[][] vectors, float[][] queryFeatures) {
    double[][] shares = new double[queryFeatures.length][];
    for (int q = 0; q < queryFeatures.length; q++) {
      double[] distances = new double[vectors.length];
      for (int i = 0; i < vectors.length; i++) {
        distances[i] =
            index
                .distance()
                .compute(
                    dotProduct(queryFeatures[q], vectors[i]),
                    dotProduct(queryFeatures[q], queryFeatures[q]),
                    dotProduct(vectors[i], vectors[i]));
      }
      shares[q] =
          index
              .vote()
              .probabilities(
                  NearestExamples.find(distances, index.vote().k(), any -> true),
                  labels(task),
                  task.classes().size());
    }
    return shares;
  }

  private static double dotProduct(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  private static List<GrayImage> queries() throws IOException {
    List<GrayImage> all = TestBundles.syntheticImages(EXAMPLE_COUNT + 8);
    return all.subList(EXAMPLE_COUNT - 2, EXAMPLE_COUNT + 8); // two of them are examples themselves
  }

  @ParameterizedTest
  @CsvSource({
    "binary, EMBEDDINGS, EUCLIDEAN, 5, UNIFORM",
    "binary, EMBEDDINGS, COSINE, 1, UNIFORM",
    "binary, PROBABILITIES, EUCLIDEAN, 4, UNIFORM",
    "three-class, EMBEDDINGS, COSINE, 7, DISTANCE",
    "three-class, PROBABILITIES, EUCLIDEAN, 3, DISTANCE",
    "three-class, EMBEDDINGS, EUCLIDEAN, 1000, UNIFORM",
  })
  void probabilitiesAreVoteShares(
      Task task, KnnIndex.FeatureKind over, DistanceMetric distance, int k, VoteWeighting weighting)
      throws IOException {
    double[][] expected = knnIndex(task, knnIndex(over, distance, k, weighting), queries());
    try (Classifier classifier = Classifier.load(Bundle.open(knnBundle))) {
      double[][] found = classifier.probabilities(queries());
      assertThat(found).hasDimensions(10, task.classes().size());
      for (int i = 0; i < found.length; i++) {
        assertThat(found[i]).containsExactly(expected[i], within(1e-5));
      }
    }
  }

  @Test
  void writesIndexAndAllFiles() throws IOException {
    KnnIndex index =
        knnIndex(KnnIndex.FeatureKind.EMBEDDINGS, DistanceMetric.COSINE, 3, VoteWeighting.UNIFORM);
    knnIndex(Task.BINARY, index, queries());
    Bundle bundle = Bundle.open(knnBundle);
    assertThat(bundle.manifest().knnIndex()).isEqualTo(index);
    assertThat(bundle.manifest().name()).isEqualTo("lungs-knn");
    JsonObject json =
        JsonParser.parseString(Files.readString(knnBundle.resolve("bundle.json")))
            .getAsJsonObject();
    assertThat(json.getAsJsonObject("knnIndex").getAsJsonObject("vote").toString())
        .isEqualTo("{\"k\":3,\"weighting\":\"uniform\"}");
    assertThat(Files.readString(knnBundle.resolve("MODEL_CARD.md")))
        .contains("3 nearest of 24 training images", "reconstructed");
    assertThat(TestBundles.files(knnBundle).stream().map(f -> f.getFileName().toString()))
        .containsExactlyInAnyOrderElementsOf(
            TestBundles.files(trainedBundle).stream()
                .map(f -> f.getFileName().toString().replace("lungs-", "lungs-knn-"))
                .toList());
    assertThat(knnBundle.resolve("history.csv")).hasContent(TestBundles.HISTORY);
  }

  @Test
  void trainedBundleHasNoIndex() throws IOException {
    knnIndex(
        Task.BINARY,
        knnIndex(KnnIndex.FeatureKind.EMBEDDINGS, DistanceMetric.COSINE, 3, VoteWeighting.UNIFORM),
        queries());
    assertThat(Files.readString(trainedBundle.resolve("bundle.json"))).doesNotContain("knnIndex");
    assertThat(Bundle.open(trainedBundle).manifest().knnIndex()).isNull();
  }

  @Test
  void djlCriteriaLoadsKnnBundle() throws Exception {
    double[][] expected =
        knnIndex(
            Task.BINARY,
            knnIndex(
                KnnIndex.FeatureKind.EMBEDDINGS,
                DistanceMetric.EUCLIDEAN,
                5,
                VoteWeighting.UNIFORM),
            queries());
    Criteria<Input, Output> criteria =
        Criteria.builder()
            .setTypes(Input.class, Output.class)
            .optModelPath(knnBundle)
            .optEngine("PyTorch")
            .build();
    try (ZooModel<Input, Output> model = criteria.loadModel();
        Predictor<Input, Output> predictor = model.newPredictor()) {
      for (int i = 0; i < expected.length; i++) {
        Path file = scratch.resolve("picture.png");
        PngEncoder.write(queries().get(i), file);
        Input body = new Input();
        body.add(Files.readAllBytes(file));
        JsonArray prediction =
            JsonParser.parseString(predictor.predict(body).getData().getAsString())
                .getAsJsonArray();
        JsonObject first = prediction.get(0).getAsJsonObject();
        double share = Math.max(expected[i][0], expected[i][1]);
        assertThat(first.get("className").getAsString())
            .isEqualTo(expected[i][1] > expected[i][0] ? "PNEUMONIA" : "NORMAL");
        assertThat(first.get("probability").getAsDouble()).isCloseTo(share, within(1e-6));
      }
    }
  }

  @Test
  void keepsEmbeddingsAndHasNoGradCam() throws IOException {
    knnIndex(
        Task.BINARY,
        knnIndex(KnnIndex.FeatureKind.EMBEDDINGS, DistanceMetric.COSINE, 3, VoteWeighting.UNIFORM),
        queries());
    try (Classifier knnClassifier = Classifier.load(Bundle.open(knnBundle));
        Classifier classifier = Classifier.load(Bundle.open(trainedBundle))) {
      assertThat(knnClassifier.embeddings(queries()))
          .isDeepEqualTo(classifier.embeddings(queries()));
      assertThat(classifier.supportsGradCam()).isTrue();
      assertThat(knnClassifier.supportsGradCam()).isFalse();
      GrayImage image = queries().get(0);
      assertThatThrownBy(() -> knnClassifier.gradCam(image, "PNEUMONIA", "dropout4"))
          .isInstanceOf(UserErrorException.class)
          .hasMessageContaining("vote of nearest neighbours");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "features, '\"pixels\"'",
    "distance, '\"hamming\"'",
    "exampleCount, 0",
    "vote, '{\"k\":0,\"weighting\":\"uniform\"}'",
    "vote, '{\"k\":3,\"weighting\":\"loud\"}'",
    "vote, '{\"weighting\":\"uniform\"}'",
    "vote, 7",
    "sourceBundle, null",
  })
  void rejectsInvalidIndex(String field, String value) throws IOException {
    knnIndex(
        Task.BINARY,
        knnIndex(KnnIndex.FeatureKind.EMBEDDINGS, DistanceMetric.COSINE, 3, VoteWeighting.UNIFORM),
        queries());
    TestBundles.editManifest(
        knnBundle,
        json ->
            json.getAsJsonObject("knnIndex")
                .add(field, JsonParser.parseString(value == null ? "null" : value)));
    TestBundles.assertOpenRejected(knnBundle, "");
  }

  @Test
  void rejectsOtherExampleCount() throws IOException {
    knnIndex(
        Task.BINARY,
        knnIndex(KnnIndex.FeatureKind.EMBEDDINGS, DistanceMetric.COSINE, 3, VoteWeighting.UNIFORM),
        queries());
    TestBundles.editManifest(
        knnBundle,
        json -> json.getAsJsonObject("knnIndex").addProperty("exampleCount", EXAMPLE_COUNT + 1));
    TestBundles.assertLoadRejected(knnBundle, "expected 25 examples");
  }

  @Test
  void rejectsIndexWithoutExamples() throws IOException {
    knnIndex(
        Task.BINARY,
        knnIndex(KnnIndex.FeatureKind.EMBEDDINGS, DistanceMetric.COSINE, 3, VoteWeighting.UNIFORM),
        queries());
    Files.copy(
        trainedBundle.resolve(TestBundles.PARAMETERS),
        knnBundle.resolve("lungs-knn-0007.params"),
        StandardCopyOption.REPLACE_EXISTING);
    TestBundles.rewriteChecksums(knnBundle);
    TestBundles.assertLoadRejected(knnBundle, "parameters of binary-cnn");
  }
}
