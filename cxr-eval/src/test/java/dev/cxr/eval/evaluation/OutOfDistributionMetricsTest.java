package dev.cxr.eval.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.cxr.data.index.Finding;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.Task;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.prediction.ImagePrediction;
import dev.cxr.eval.prediction.TestPrediction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OutOfDistributionMetricsTest {

  private static final EvaluationSettings SETTINGS =
      new EvaluationSettings(Task.BINARY, 0.5, "by a test", 1, 200, ClassSources.SHARED);

  private static ImagePrediction image(int i, double distance) {
    boolean normal = i % 2 == 0;
    boolean wrong = i % 10 < 2;
    double p = normal == wrong ? 0.8 : 0.2;
    return new ImagePrediction(
        "p" + i,
        "patient" + i,
        normal ? Finding.NORMAL : Finding.VIRAL_PNEUMONIA,
        Split.TEST,
        List.of(1 - p, p),
        Map.of(),
        Map.of(),
        Optional.of(distance),
        Optional.empty());
  }

  /** From 0.001 to 0.1. */
  private static List<ImagePrediction> validation() {
    List<ImagePrediction> all = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      all.add(image(i, (i + 1) / 1000.0));
    }
    return all;
  }

  private static OutOfDistributionMetrics of(
      List<ImagePrediction> evaluated, List<ImagePrediction> validation) {
    return EvaluationMetrics.of(SETTINGS, evaluated, validation).outOfDistribution().orElseThrow();
  }

  private static double value(Estimate estimate) {
    return ((Estimate.Defined) estimate).value();
  }

  @Test
  void limitKeeps95PercentOfValidation() {
    OutOfDistributionMetrics metrics = of(validation(), validation());
    assertThat(value(metrics.limit())).isEqualTo(0.095);
    assertThat(value(metrics.validationRejected())).isEqualTo(0.05);
    assertThat(value(metrics.rejected())).isEqualTo(0.05);
  }

  @Test
  void imagesBeyondTheLimitAreRejected() {
    List<ImagePrediction> evaluated = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      // high scores for the wrong predictions and one more image
      evaluated.add(image(i, i % 10 < 2 || i == 2 ? 0.5 : 0.05));
    }
    OutOfDistributionMetrics metrics = of(evaluated, validation());
    Estimate.Defined rejected = (Estimate.Defined) metrics.rejected();
    assertThat(rejected.value()).isEqualTo(9.0 / 40);
    assertThat(rejected.n()).isEqualTo(40);
    assertThat(Objects.requireNonNull(rejected.byPatient()).interval()).isNotNull();
    assertThat(value(metrics.sensitivity())).isEqualTo(1);
    assertThat(value(metrics.specificity())).isEqualTo(1);
    assertThat(metrics.byFinding())
        .extracting(OutOfDistributionMetrics.ByFinding::finding, f -> value(f.rejected()))
        .containsExactly(tuple(Finding.NORMAL, 5.0 / 20), tuple(Finding.VIRAL_PNEUMONIA, 4.0 / 20));
  }

  @Test
  void missingValidationMakesRejectionUndefined() {
    OutOfDistributionMetrics metrics = of(validation(), List.of());
    assertThat(metrics.rejected())
        .isEqualTo(new Estimate.Undefined("no validation image to choose the limit on"));
    assertThat(metrics.byFinding()).isEmpty();
  }

  @Test
  void nonFiniteEmbeddingMakesMetricsUndefined() {
    List<ImagePrediction> broken = new ArrayList<>(validation());
    broken.add(image(7, Double.NaN));
    assertThat(of(broken, validation()).rejected()).isInstanceOf(Estimate.Undefined.class);
    assertThat(of(validation(), broken).limit()).isInstanceOf(Estimate.Undefined.class);
  }

  @Test
  void missingTrainingDistancesOmitTheMetrics() {
    ImagePrediction compared = image(1, 0.1);
    ImagePrediction not =
        TestPrediction.of(
            compared.path(),
            compared.patient(),
            compared.finding(),
            compared.split(),
            compared.probabilities(),
            Map.of(),
            Map.of());
    assertThat(
            EvaluationMetrics.of(SETTINGS, List.of(compared, not), validation())
                .outOfDistribution())
        .isEmpty();
  }
}
