package dev.cxr.eval.metrics.knn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.ScikitLearnReference;
import dev.cxr.models.knn.DistanceMetric;
import dev.cxr.models.knn.KnnBlock;
import dev.cxr.models.knn.KnnIndex;
import dev.cxr.models.knn.KnnVote;
import dev.cxr.models.knn.NearestExamples;
import dev.cxr.models.knn.VoteWeighting;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KnnReferenceTest {

  private static final ScikitLearnReference.Knn KNN = ScikitLearnReference.read().knn();
  private static final int[] LABELS = KNN.labels().stream().mapToInt(Integer::intValue).toArray();

  static List<ScikitLearnReference.KnnCase> cases() {
    return KNN.cases();
  }

  private static double product(List<Double> a, List<Double> b) {
    double sum = 0;
    for (int i = 0; i < a.size(); i++) {
      sum += a.get(i) * b.get(i);
    }
    return sum;
  }

  private static double[] distances(DistanceMetric distance, List<Double> query) {
    return KNN.train().stream()
        .mapToDouble(t -> distance.compute(product(query, t), product(query, query), product(t, t)))
        .toArray();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void neighboursVotesAndPredictionsMatchScikitLearn(ScikitLearnReference.KnnCase example) {
    DistanceMetric distance = DistanceMetric.valueOf(example.metric().toUpperCase(Locale.ROOT));
    KnnVote vote =
        new KnnVote(example.k(), VoteWeighting.valueOf(example.weights().toUpperCase(Locale.ROOT)));
    int classes = Arrays.stream(LABELS).max().orElseThrow() + 1;
    for (int q = 0; q < KNN.queries().size(); q++) {
      NearestExamples nearest =
          NearestExamples.find(distances(distance, KNN.queries().get(q)), example.k(), i -> true);
      double[] shares = vote.probabilities(nearest, LABELS, classes);
      assertThat(Arrays.stream(nearest.indices()).boxed().toList())
          .startsWith(example.nearest().get(q).toArray(Integer[]::new));
      assertThat(shares)
          .containsExactly(ScikitLearnReference.array(example.proba().get(q)), within(1e-9));
      assertThat(KnnVote.argmax(shares)).isEqualTo(example.predict().get(q));
    }
  }

  @Test
  void zeroDistanceNeighbourDecidesAlone() {
    NearestExamples nearest = NearestExamples.find(new double[] {0, 1, 1}, 3, i -> true);
    assertThat(
            new KnnVote(3, VoteWeighting.DISTANCE).probabilities(nearest, new int[] {1, 0, 0}, 2))
        .containsExactly(0, 1);
  }

  @Test
  void tiedDistancesKeepOrderAndNaNIsIgnored() {
    assertThat(NearestExamples.find(new double[] {2, 1, 1, 1}, 2, i -> true).indices())
        .containsExactly(1, 2);
    assertThat(NearestExamples.find(new double[] {2, Double.NaN}, 1, i -> true).indices())
        .isEmpty();
  }

  @Test
  void selectsKWithEachPatientLeftOut() {
    // Every patient has two equal images; if they could vote, k = 1 would be perfect.
    double[] places = {0, 0, 1, 1, 2, 2, 10, 10, 11, 11, 12, 12, 1.4, 1.4};
    int[] labels = {0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1};
    List<String> patients =
        List.of("a", "a", "b", "b", "c", "c", "d", "d", "e", "e", "f", "f", "g", "g");
    LeaveOnePatientOut choice =
        new LeaveOnePatientOut(labels, patients, VoteWeighting.UNIFORM, List.of(1, 4));
    for (int i = 0; i < labels.length; i++) {
      double own = places[i];
      choice.add(i, Arrays.stream(places).map(p -> Math.abs(p - own)).toArray());
    }
    List<LeaveOnePatientOut.Candidate> candidates = choice.select().candidates();
    // One neighbour: b and c go to g, g to b; correct are a, d, e, f: (1/3 + 3/4) / 2.
    assertThat(((Estimate.Defined) candidates.get(0).balancedAccuracy()).value())
        .isCloseTo((1.0 / 3 + 3.0 / 4) / 2, within(1e-12));
    assertThat(choice.select().vote().k()).isEqualTo(4);
  }

  @Test
  void selectionFallsBackWithoutOtherPatients() {
    LeaveOnePatientOut choice =
        new LeaveOnePatientOut(
            new int[] {0, 1}, List.of("a", "a"), VoteWeighting.UNIFORM, List.of(3, 1));
    choice.add(0, new double[] {0, 1});
    choice.add(1, new double[] {1, 0});
    assertThat(choice.select().vote().k()).isEqualTo(1);
    assertThat(choice.select().rule()).contains("2 examples have no neighbour");
    assertThatIllegalArgumentException().isThrownBy(() -> new KnnVote(0, VoteWeighting.UNIFORM));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void knnBlockPredictionsMatchScikitLearn(ScikitLearnReference.KnnCase example) {
    KnnIndex index =
        new KnnIndex(
            KnnIndex.FeatureKind.EMBEDDINGS,
            DistanceMetric.valueOf(example.metric().toUpperCase(Locale.ROOT)),
            new KnnVote(
                example.k(), VoteWeighting.valueOf(example.weights().toUpperCase(Locale.ROOT))),
            "by a test",
            LABELS.length,
            "reference",
            "",
            "");
    int classes = Arrays.stream(LABELS).max().orElseThrow() + 1;
    KnnBlock block = new KnnBlock(index, classes);
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      block.setExamples(manager, floats(KNN.train()), LABELS);
      NDArray queries = manager.create(floats(KNN.queries()));
      NDArray logits =
          block
              .forward(new ParameterStore(manager, false), new NDList(queries), false)
              .singletonOrThrow();
      for (int i = 0; i < KNN.queries().size(); i++) {
        double[] shares =
            classes == 2
                ? oneLogit(logits.getFloat(i, 0))
                : exponentials(logits.get(i).toFloatArray());
        assertThat(KnnVote.argmax(shares)).isEqualTo(example.predict().get(i));
        assertThat(shares)
            .containsExactly(ScikitLearnReference.array(example.proba().get(i)), within(1e-6));
      }
    }
  }

  private static float[][] floats(List<List<Double>> rows) {
    float[][] floats = new float[rows.size()][rows.get(0).size()];
    for (int i = 0; i < floats.length; i++) {
      for (int j = 0; j < floats[i].length; j++) {
        floats[i][j] = rows.get(i).get(j).floatValue();
      }
    }
    return floats;
  }

  private static double[] oneLogit(double logit) {
    double second = 1 / (1 + Math.exp(-logit));
    return new double[] {1 - second, second};
  }

  private static double[] exponentials(float[] logs) {
    double[] shares = new double[logs.length];
    Arrays.setAll(shares, c -> Math.exp(logs[c]));
    return shares;
  }
}
