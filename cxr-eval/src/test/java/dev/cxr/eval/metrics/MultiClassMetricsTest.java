package dev.cxr.eval.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class MultiClassMetricsTest {

  private static final Offset<Double> CLOSE = within(1e-9);
  private static final List<String> THREE = List.of("N", "B", "V");

  private static double value(Estimate estimate) {
    return ((Estimate.Defined) estimate).value();
  }

  private static void assertFigures(
      JsonObject row, Estimate precision, Estimate recall, Estimate f1) {
    assertThat(value(precision)).isCloseTo(row.get("precision").getAsDouble(), CLOSE);
    assertThat(value(recall)).isCloseTo(row.get("recall").getAsDouble(), CLOSE);
    assertThat(value(f1)).isCloseTo(row.get("f1-score").getAsDouble(), CLOSE);
  }

  @Test
  void matchesScikitLearn() {
    assertThat(ScikitLearnReference.read().multiclass()).isNotEmpty();
    for (ScikitLearnReference.MultiClassCase example : ScikitLearnReference.read().multiclass()) {
      MultiClassMetrics report = MultiClassMetrics.of(example.examples());
      JsonObject expect = example.expect();
      assertThat(new Gson().toJsonTree(report.confusion().counts()))
          .isEqualTo(expect.get("confusion"));
      JsonObject rows = expect.getAsJsonObject("report");
      for (int c = 0; c < 3; c++) {
        MultiClassMetrics.ClassMetrics own = report.classes().get(c);
        JsonObject row = rows.getAsJsonObject(String.valueOf(c));
        assertThat(own.support()).isEqualTo(row.get("support").getAsLong());
        assertFigures(row, own.precision(), own.recall(), own.f1());
      }
      MultiClassMetrics.Average macro = report.macro();
      assertFigures(
          rows.getAsJsonObject("macro avg"), macro.precision(), macro.recall(), macro.f1());
      MultiClassMetrics.Average weighted = report.weighted();
      assertFigures(
          rows.getAsJsonObject("weighted avg"),
          weighted.precision(),
          weighted.recall(),
          weighted.f1());
      assertThat(value(macro.auroc())).isCloseTo(expect.get("auc_ovr_macro").getAsDouble(), CLOSE);
      assertThat(value(weighted.auroc()))
          .isCloseTo(expect.get("auc_ovr_weighted").getAsDouble(), CLOSE);
      assertThat(value(report.accuracy())).isCloseTo(expect.get("accuracy").getAsDouble(), CLOSE);
      assertThat(value(report.kappa())).isCloseTo(expect.get("kappa").getAsDouble(), CLOSE);
      assertThat(value(report.mcc())).isCloseTo(expect.get("mcc").getAsDouble(), CLOSE);
    }
  }

  @Test
  void twoClassesMatchTheBinaryConfusionMatrix() {
    MultiClassConfusionMatrix two =
        new MultiClassConfusionMatrix(List.of("N", "P"), List.of(List.of(2L, 1L), List.of(1L, 3L)));
    ConfusionMatrix same = new ConfusionMatrix(3, 1, 2, 1);
    assertThat(two.recall(1)).isEqualTo(same.recall());
    assertThat(two.precision(1)).isEqualTo(same.precision());
    assertThat(two.specificity(1)).isEqualTo(same.specificity());
    assertThat(value(two.f1(1))).isCloseTo(value(same.f1()), CLOSE);
    assertThat(value(two.mcc())).isCloseTo(value(same.mcc()), CLOSE);
    assertThat(value(two.kappa())).isCloseTo(value(same.kappa()), CLOSE);
    assertThat(value(two.balancedAccuracy())).isCloseTo(value(same.balancedAccuracy()), CLOSE);
  }

  @Test
  void absentClassMakesItsMetricsAndMacroAverageUndefined() {
    LabelledProbabilities examples =
        new LabelledProbabilities(
            THREE,
            new double[][] {{0.8, 0.1, 0.1}, {0.2, 0.7, 0.1}, {0.6, 0.3, 0.1}},
            new int[] {0, 1, 1});
    MultiClassMetrics report = MultiClassMetrics.of(examples);
    assertThat(report.classes().get(2).recall())
        .isEqualTo(new Estimate.Undefined("no example of V"))
        .isEqualTo(report.macro().recall())
        .isEqualTo(report.balancedAccuracy());
    assertThat(value(report.weighted().recall())).isCloseTo(2.0 / 3, CLOSE);
    assertThat(value(report.accuracy())).isCloseTo(2.0 / 3, CLOSE);
  }

  @Test
  void tiedProbabilitiesPredictTheFirstClass() {
    LabelledProbabilities tie =
        new LabelledProbabilities(THREE, new double[][] {{0.4, 0.4, 0.2}}, new int[] {1});
    assertThat(tie.predicted(0)).isZero();
  }

  @Test
  void restVersusOneSumsTheOtherClasses() {
    LabelledProbabilities examples =
        new LabelledProbabilities(
            THREE, new double[][] {{0.75, 0.25, 0}, {0.25, 0.5, 0.25}}, new int[] {0, 2});
    LabelledScores binary = examples.restVersusOne(0);
    assertThat(binary.score(0)).isEqualTo(0.25);
    assertThat(binary.score(1)).isEqualTo(0.75);
    assertThat(binary.isPositive(0)).isFalse();
    assertThat(binary.isPositive(1)).isTrue();
  }

  @Test
  void brierAndLogLossSumOverClasses() {
    LabelledProbabilities one =
        new LabelledProbabilities(THREE, new double[][] {{0.5, 0.3, 0.2}}, new int[] {1});
    assertThat(value(one.brier())).isCloseTo(0.25 + 0.49 + 0.04, CLOSE);
    assertThat(value(one.logLoss())).isCloseTo(-Math.log(0.3), CLOSE);
  }

  @Test
  void metricsAreUndefinedForNoExamplesOrNonProbabilities() {
    LabelledProbabilities none = new LabelledProbabilities(THREE, new double[0][], new int[0]);
    assertThat(MultiClassMetrics.of(none).accuracy())
        .isEqualTo(new Estimate.Undefined("no example"));
    LabelledProbabilities nan =
        new LabelledProbabilities(THREE, new double[][] {{Double.NaN, 0, 0}}, new int[] {0});
    MultiClassMetrics report = MultiClassMetrics.of(nan);
    assertThat(List.of(report.mcc(), report.macro().f1(), report.brier()))
        .containsOnly(new Estimate.Undefined("score NaN at index 0 is not a finite number"));
  }

  @Test
  void bootstrapAddsPatientIntervals() {
    ScikitLearnReference.MultiClassCase example = ScikitLearnReference.read().multiclass().get(0);
    List<String> patients =
        IntStream.range(0, example.y().size()).mapToObj(i -> "p" + i / 2).toList();
    MultiClassMetrics report =
        MultiClassMetrics.of(example.examples(), PatientBootstrap.of(patients, 1, 200));
    Estimate.Defined kappa = (Estimate.Defined) report.kappa();
    Interval interval =
        Objects.requireNonNull(Objects.requireNonNull(kappa.byPatient()).interval());
    assertThat(kappa.value()).isBetween(interval.low(), interval.high());
  }

  @Test
  void rejectsInvalidRowsAndLabels() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LabelledProbabilities(THREE, new double[][] {{1, 0}}, new int[] {0}));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new LabelledProbabilities(THREE, new double[][] {{1, 0, 0}}, new int[] {3}));
  }
}
