package dev.cxr.models.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.modality.Input;
import ai.djl.modality.Output;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.PngEncoder;
import dev.cxr.data.index.Task;
import dev.cxr.models.neighbours.Distance;
import dev.cxr.models.neighbours.Index;
import dev.cxr.models.neighbours.Nearest;
import dev.cxr.models.neighbours.NeighbourVote;
import dev.cxr.models.neighbours.Weighting;
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
class VotingBundleTest {

  private static final int EXAMPLES = 24;

  @TempDir private Path scratch;
  private Path trained = Path.of("");
  private Path voting = Path.of("");

  @BeforeEach
  void name() {
    trained = scratch.resolve("trained");
    voting = scratch.resolve("voting");
  }

  private static Manifest manifest(Task task) {
    Manifest m = Bundles.manifest();
    return new Manifest(
        m.formatVersion(),
        m.name(),
        task,
        m.architecture(),
        m.input(),
        m.resize(),
        task.classes(),
        task.positiveClass(),
        m.threshold(),
        m.temperature(),
        m.data(),
        m.recipe(),
        m.epoch(),
        m.versions(),
        m.validation());
  }

  private static Index index(Index.Over over, Distance distance, int k, Weighting weighting) {
    return new Index(
        over,
        distance,
        new NeighbourVote(k, weighting),
        "by a test",
        EXAMPLES,
        "chest-xray",
        "ab".repeat(32),
        "0123456789ab");
  }

  private static int[] labels(Task task) {
    int[] labels = new int[EXAMPLES];
    for (int i = 0; i < EXAMPLES; i++) {
      labels[i] = i * 7 % task.classes().size();
    }
    return labels;
  }

  /** Indexes the first drawn pictures and answers what the votes should give for the next. */
  private double[][] index(Task task, Index index, List<GrayImage> queries) throws IOException {
    try (Model model = Bundles.model(manifest(task))) {
      BundleWriter.write(Files.createDirectory(trained), manifest(task), model, Bundles.HISTORY);
    }
    Bundle from = Bundle.open(trained);
    Manifest m = from.manifest();
    Manifest voted =
        m.voting(
            index,
            "lungs-knn",
            m.data(),
            new Manifest.Threshold(0.4, "by a test"),
            new JsonArray());
    try (Classifier classifier = Classifier.load(from)) {
      float[][] vectors = vectors(classifier, index.over(), Bundles.pictures(EXAMPLES));
      try (Classifier votes = classifier.voting(voted, vectors, labels(task))) {
        BundleWriter.writeVoting(Files.createDirectory(voting), voted, votes, from);
      }
      float[][] asked = vectors(classifier, index.over(), queries);
      return shares(task, index, vectors, asked);
    }
  }

  private static float[][] vectors(
      Classifier classifier, Index.Over over, List<GrayImage> pictures) {
    int side = Bundles.SIDE;
    float[] pixels = new float[pictures.size() * side * side];
    for (int i = 0; i < pictures.size(); i++) {
      Classifier.fill(pixels, i * side * side, pictures.get(i), side);
    }
    try (NDManager scope = classifier.manager().newSubManager()) {
      NDArray batch = scope.create(pixels, new Shape(pictures.size(), 1, side, side));
      return classifier.vectors(over, batch);
    }
  }

  /** By brute force. */
  private static double[][] shares(Task task, Index index, float[][] vectors, float[][] asked) {
    double[][] shares = new double[asked.length][];
    for (int q = 0; q < asked.length; q++) {
      double[] distances = new double[vectors.length];
      for (int i = 0; i < vectors.length; i++) {
        distances[i] =
            index
                .distance()
                .of(
                    product(asked[q], vectors[i]),
                    product(asked[q], asked[q]),
                    product(vectors[i], vectors[i]));
      }
      shares[q] =
          index
              .vote()
              .probabilities(
                  Nearest.of(distances, index.vote().k(), any -> true),
                  labels(task),
                  task.classes().size());
    }
    return shares;
  }

  private static double product(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  private static List<GrayImage> queries() throws IOException {
    List<GrayImage> all = Bundles.pictures(EXAMPLES + 8);
    return all.subList(EXAMPLES - 2, EXAMPLES + 8); // two of them are examples themselves
  }

  @ParameterizedTest
  @CsvSource({
    "BINARY, EMBEDDINGS, EUCLIDEAN, 5, UNIFORM",
    "BINARY, EMBEDDINGS, COSINE, 1, UNIFORM",
    "BINARY, PROBABILITIES, EUCLIDEAN, 4, UNIFORM",
    "THREE_CLASS, EMBEDDINGS, COSINE, 7, DISTANCE",
    "THREE_CLASS, PROBABILITIES, EUCLIDEAN, 3, DISTANCE",
    "THREE_CLASS, EMBEDDINGS, EUCLIDEAN, 1000, UNIFORM",
  })
  void itsProbabilitiesAreTheSharesOfTheVotes(
      Task task, Index.Over over, Distance distance, int k, Weighting weighting)
      throws IOException {
    double[][] expected = index(task, index(over, distance, k, weighting), queries());
    try (Classifier classifier = Classifier.load(Bundle.open(voting))) {
      double[][] found = classifier.probabilities(queries());
      assertThat(found).hasDimensions(10, task.classes().size());
      for (int i = 0; i < found.length; i++) {
        assertThat(found[i]).containsExactly(expected[i], within(1e-5));
      }
    }
  }

  @Test
  void itSaysWhatVotesAndListsEveryFile() throws IOException {
    Index index = index(Index.Over.EMBEDDINGS, Distance.COSINE, 3, Weighting.UNIFORM);
    index(Task.BINARY, index, queries());
    Bundle bundle = Bundle.open(voting);
    assertThat(bundle.manifest().index()).isEqualTo(index);
    assertThat(bundle.manifest().name()).isEqualTo("lungs-knn");
    JsonObject json =
        JsonParser.parseString(Files.readString(voting.resolve("bundle.json"))).getAsJsonObject();
    assertThat(json.getAsJsonObject("index").getAsJsonObject("vote").toString())
        .isEqualTo("{\"k\":3,\"weighting\":\"uniform\"}");
    assertThat(Files.readString(voting.resolve("MODEL_CARD.md")))
        .contains("voted by the 3 nearest of 24 training pictures", "can be reconstructed");
    assertThat(Bundles.files(voting).stream().map(f -> f.getFileName().toString()))
        .containsExactlyInAnyOrderElementsOf(
            Bundles.files(trained).stream()
                .map(f -> f.getFileName().toString().replace("lungs-", "lungs-knn-"))
                .toList());
    assertThat(voting.resolve("history.csv")).hasContent(Bundles.HISTORY);
  }

  @Test
  void whatIsNotVotedSaysNothingOfVotes() throws IOException {
    index(
        Task.BINARY,
        index(Index.Over.EMBEDDINGS, Distance.COSINE, 3, Weighting.UNIFORM),
        queries());
    assertThat(Files.readString(trained.resolve("bundle.json"))).doesNotContain("index");
    assertThat(Bundle.open(trained).manifest().index()).isNull();
  }

  @Test
  void djlAloneAnswersWithTheVotes() throws Exception {
    double[][] expected =
        index(
            Task.BINARY,
            index(Index.Over.EMBEDDINGS, Distance.EUCLIDEAN, 5, Weighting.UNIFORM),
            queries());
    Criteria<Input, Output> criteria =
        Criteria.builder()
            .setTypes(Input.class, Output.class)
            .optModelPath(voting)
            .optEngine("PyTorch")
            .build();
    try (ZooModel<Input, Output> model = criteria.loadModel();
        Predictor<Input, Output> predictor = model.newPredictor()) {
      for (int i = 0; i < expected.length; i++) {
        Path file = scratch.resolve("picture.png");
        PngEncoder.write(queries().get(i), file);
        Input body = new Input();
        body.add(Files.readAllBytes(file));
        JsonArray answer =
            JsonParser.parseString(predictor.predict(body).getData().getAsString())
                .getAsJsonArray();
        JsonObject first = answer.get(0).getAsJsonObject();
        double share = Math.max(expected[i][0], expected[i][1]);
        assertThat(first.get("className").getAsString())
            .isEqualTo(expected[i][1] > expected[i][0] ? "PNEUMONIA" : "NORMAL");
        assertThat(first.get("probability").getAsDouble()).isCloseTo(share, within(1e-6));
      }
    }
  }

  @Test
  void itEmbedsAsItsNetworkDoesAndHasNoGradCam() throws IOException {
    index(
        Task.BINARY,
        index(Index.Over.EMBEDDINGS, Distance.COSINE, 3, Weighting.UNIFORM),
        queries());
    try (Classifier votes = Classifier.load(Bundle.open(voting));
        Classifier classifier = Classifier.load(Bundle.open(trained))) {
      assertThat(votes.embeddings(queries())).isDeepEqualTo(classifier.embeddings(queries()));
      assertThat(classifier.hasGradCam()).isTrue();
      assertThat(votes.hasGradCam()).isFalse();
      GrayImage picture = queries().get(0);
      assertThatThrownBy(() -> votes.gradCam(picture, "PNEUMONIA", "dropout4"))
          .isInstanceOf(UserErrorException.class)
          .hasMessageContaining("voted by neighbours");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "over, '\"pixels\"'",
    "distance, '\"hamming\"'",
    "examples, 0",
    "vote, '{\"k\":0,\"weighting\":\"uniform\"}'",
    "vote, '{\"k\":3,\"weighting\":\"loud\"}'",
    "vote, '{\"weighting\":\"uniform\"}'",
    "vote, 7",
    "network, null",
  })
  void anIndexThatIsNoneIsRefused(String field, String value) throws IOException {
    index(
        Task.BINARY,
        index(Index.Over.EMBEDDINGS, Distance.COSINE, 3, Weighting.UNIFORM),
        queries());
    Bundles.editManifest(
        voting,
        json ->
            json.getAsJsonObject("index")
                .add(field, JsonParser.parseString(value == null ? "null" : value)));
    Bundles.assertRefused(voting, "");
  }

  @Test
  void moreOrFewerExamplesThanPromisedAreRefused() throws IOException {
    index(
        Task.BINARY,
        index(Index.Over.EMBEDDINGS, Distance.COSINE, 3, Weighting.UNIFORM),
        queries());
    Bundles.editManifest(
        voting, json -> json.getAsJsonObject("index").addProperty("examples", EXAMPLES + 1));
    Bundles.assertLoadRefused(voting, "25 examples were promised");
  }

  @Test
  void anIndexWithoutItsExamplesIsRefused() throws IOException {
    index(
        Task.BINARY,
        index(Index.Over.EMBEDDINGS, Distance.COSINE, 3, Weighting.UNIFORM),
        queries());
    Files.copy(
        trained.resolve(Bundles.PARAMETERS),
        voting.resolve("lungs-knn-0007.params"),
        StandardCopyOption.REPLACE_EXISTING);
    Bundles.sumAgain(voting);
    Bundles.assertLoadRefused(voting, "parameters of binary-cnn");
  }
}
