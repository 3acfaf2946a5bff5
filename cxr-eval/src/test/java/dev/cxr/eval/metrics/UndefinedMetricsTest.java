package dev.cxr.eval.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Cases in which scikit-learn 1.2.1 returns 0, NaN or an error: here the reason is given. */
class UndefinedMetricsTest {

  private static Estimate.Undefined because(String reason) {
    return new Estimate.Undefined(reason);
  }

  private static ChosenThreshold youden(double[] scores, boolean[] positive) {
    return new ThresholdRule.Youden().choose(new LabelledScores(scores, positive));
  }

  @Test
  void precisionIsUndefinedWithoutPositivePredictions() {
    // scikit-learn's zero_division makes this precision 0, and the MCC too.
    ConfusionMatrix nothingFound = new ConfusionMatrix(0, 0, 5, 3);
    assertThat(nothingFound.precision()).isEqualTo(because("no positive prediction"));
    assertThat(nothingFound.mcc())
        .isEqualTo(because("examples or predictions of one class only, or none"));
    assertThat(nothingFound.f1()).isEqualTo(new Estimate.Defined(0, 8));
    assertThat(nothingFound.kappa()).isEqualTo(new Estimate.Defined(0, 8));
  }

  @Test
  void allMetricsAreUndefinedWithoutExamples() {
    ConfusionMatrix none = new ConfusionMatrix(0, 0, 0, 0);
    assertThat(none.accuracy()).isEqualTo(because("no example"));
    assertThat(none.recall()).isEqualTo(because("no positive example"));
    assertThat(none.specificity()).isEqualTo(because("no negative example"));
    assertThat(none.npv()).isEqualTo(because("no negative prediction"));
    assertThat(none.f1()).isInstanceOf(Estimate.Undefined.class);
    assertThat(none.balancedAccuracy()).isInstanceOf(Estimate.Undefined.class);
    assertThat(none.kappa()).isInstanceOf(Estimate.Undefined.class);
  }

  @Test
  void singleClassMakesRankingMetricsUndefined() {
    BinaryMetrics report =
        BinaryMetrics.of(
            new LabelledScores(new double[] {0.2, 0.9}, new boolean[] {false, false}), 0.5);
    assertThat(report.auroc()).isEqualTo(because("no positive example"));
    assertThat(report.averagePrecision()).isEqualTo(because("no positive example"));
    assertThat(report.balancedAccuracy()).isInstanceOf(Estimate.Undefined.class);
    assertThat(report.roc().thresholds()).isEmpty();
    assertThat(report.accuracy()).isInstanceOf(Estimate.Defined.class);
    assertThat(report.brier()).isInstanceOf(Estimate.Defined.class);
    assertThat(
            BinaryMetrics.of(
                    new LabelledScores(new double[] {0.2, 0.9}, new boolean[] {true, true}), 0.5)
                .auroc())
        .isEqualTo(because("no negative example"));
  }

  @Test
  void singlePositiveGivesAurocWithoutInterval() {
    BinaryMetrics report =
        BinaryMetrics.of(
            new LabelledScores(new double[] {0.2, 0.9, 0.4}, new boolean[] {false, true, false}),
            0.5);
    assertThat(report.auroc()).isEqualTo(new Estimate.Defined(1, 3));
  }

  @Test
  void nonProbabilitiesAreRankedButHaveNoBrierOrLogLoss() {
    BinaryMetrics report =
        BinaryMetrics.of(
            new LabelledScores(new double[] {-3, 0.5, 7}, new boolean[] {false, true, true}), 0);
    assertThat(report.auroc()).isInstanceOf(Estimate.Defined.class);
    assertThat(report.brier())
        .isEqualTo(because("score -3.0 at index 0 is outside [0, 1] and not a probability"))
        .isEqualTo(report.logLoss());
  }

  @Test
  void serializesToPlainJson() {
    Gson gson = new Gson(); // refuses NaN and infinities
    JsonObject json =
        gson.toJsonTree(
                BinaryMetrics.of(
                    new LabelledScores(new double[] {0.2, 0.4}, new boolean[] {false, true}), 0.5))
            .getAsJsonObject();
    assertThat(json.get("confusion")).hasToString("{\"tp\":0,\"fp\":0,\"tn\":1,\"fn\":1}");
    assertThat(json.get("precision")).hasToString("{\"reason\":\"no positive prediction\"}");
    assertThat(json.get("f1")).hasToString("{\"value\":0.0,\"n\":2}");
    assertThat(json.getAsJsonObject("accuracy").getAsJsonObject("interval").keySet())
        .containsExactly("low", "high");
    assertThat(json.getAsJsonObject("roc").get("tpr")).hasToString("[0.0,1.0,1.0]");
  }

  @Test
  void rejectsInvalidNumbers() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Estimate.Defined(Double.NaN, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new Interval(0, Double.NaN));
    assertThatIllegalArgumentException().isThrownBy(() -> new Interval(0.7, 0.3));
    assertThatIllegalArgumentException().isThrownBy(() -> new ConfusionMatrix(1, -1, 0, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> Interval.wilson(3, 2));
    assertThatIllegalArgumentException().isThrownBy(() -> Interval.wilson(0, 0));
  }

  @Test
  void nonFiniteScoreMakesAllMetricsUndefined() {
    BinaryMetrics report =
        BinaryMetrics.of(
            new LabelledScores(new double[] {0.1, Double.NaN}, new boolean[] {true, false}), 0.5);
    Estimate because = because("score NaN at index 1 is not a finite number");
    assertThat(
            List.of(report.accuracy(), report.mcc(), report.auroc(), report.brier(), report.npv()))
        .containsOnly(because);
    assertThat(report.confusion()).isEqualTo(new ConfusionMatrix(0, 0, 0, 0));
    LabelledScores infinite =
        new LabelledScores(new double[] {Double.NEGATIVE_INFINITY, 1}, new boolean[] {true, false});
    assertThat(RocCurve.of(infinite).thresholds()).isEmpty();
    assertThat(PrecisionRecallCurve.of(infinite).thresholds()).isEmpty();
  }

  @Test
  void noExamplesMakeAllMetricsUndefined() {
    BinaryMetrics report = BinaryMetrics.of(new LabelledScores(new double[0], new boolean[0]), 0.5);
    assertThat(List.of(report.accuracy(), report.f1(), report.auroc(), report.logLoss()))
        .containsOnly(because("no example"));
  }

  @Test
  void rejectsMismatchedLengths() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> youden(new double[] {0.1, 0.2}, new boolean[] {true}))
        .withMessageContaining("found 2 scores and 1 labels");
    LabelledScores one = new LabelledScores(new double[] {0.1}, new boolean[] {true});
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ConfusionMatrix.of(one, Double.NaN))
        .withMessageContaining("expected a finite threshold, found NaN");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> one.withWeights(new int[2]))
        .withMessageContaining("found 2 for 1 examples");
  }
}
