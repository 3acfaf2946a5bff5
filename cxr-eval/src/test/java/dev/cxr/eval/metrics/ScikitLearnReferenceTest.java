package dev.cxr.eval.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Objects;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Metrics against those of scikit-learn 1.2.1, see {@link ScikitLearnReference}. */
class ScikitLearnReferenceTest {

  private static final Offset<Double> CLOSE = within(1e-9);

  private static Estimate.Defined defined(Estimate estimate) {
    assertThat(estimate).isInstanceOf(Estimate.Defined.class);
    return (Estimate.Defined) estimate;
  }

  private static double value(Estimate estimate) {
    return defined(estimate).value();
  }

  private static ChosenThreshold youden(double[] scores, boolean[] positive) {
    return new ThresholdRule.Youden().choose(new LabelledScores(scores, positive));
  }

  @ParameterizedTest
  @MethodSource("dev.cxr.eval.metrics.ScikitLearnReference#cases")
  void countsMatchScikitLearn(ScikitLearnReference.BinaryCase example) {
    ConfusionMatrix confusion =
        ConfusionMatrix.of(
            new LabelledScores(example.scores(), example.positive()), example.threshold());
    assertThat(confusion)
        .isEqualTo(
            new ConfusionMatrix(
                (long) example.expected("tp"),
                (long) example.expected("fp"),
                (long) example.expected("tn"),
                (long) example.expected("fn")));
  }

  @ParameterizedTest
  @MethodSource("dev.cxr.eval.metrics.ScikitLearnReference#cases")
  void metricsMatchScikitLearn(ScikitLearnReference.BinaryCase example) {
    BinaryMetrics report =
        BinaryMetrics.of(
            new LabelledScores(example.scores(), example.positive()), example.threshold());
    assertThat(value(report.accuracy())).isCloseTo(example.expected("accuracy"), CLOSE);
    assertThat(value(report.precision())).isCloseTo(example.expected("precision"), CLOSE);
    assertThat(value(report.recall())).isCloseTo(example.expected("recall"), CLOSE);
    assertThat(value(report.specificity())).isCloseTo(example.expected("specificity"), CLOSE);
    assertThat(value(report.npv()))
        .isCloseTo(
            example.expected("tn") / (example.expected("tn") + example.expected("fn")), CLOSE);
    assertThat(value(report.f1())).isCloseTo(example.expected("f1"), CLOSE);
    assertThat(value(report.balancedAccuracy()))
        .isCloseTo(example.expected("balanced_accuracy"), CLOSE);
    assertThat(value(report.mcc())).isCloseTo(example.expected("mcc"), CLOSE);
    assertThat(value(report.kappa())).isCloseTo(example.expected("cohen_kappa"), CLOSE);
    assertThat(value(report.auroc())).isCloseTo(example.expected("roc_auc"), CLOSE);
    assertThat(value(report.averagePrecision()))
        .isCloseTo(example.expected("average_precision"), CLOSE);
    assertThat(value(report.brier())).isCloseTo(example.expected("brier"), CLOSE);
    assertThat(value(report.logLoss())).isCloseTo(example.expected("log_loss"), CLOSE);
  }

  @ParameterizedTest
  @MethodSource("dev.cxr.eval.metrics.ScikitLearnReference#cases")
  void deLongVarianceAndIntervalMatchTheReference(ScikitLearnReference.BinaryCase example) {
    ScikitLearnReference.DeLong expected = ScikitLearnReference.read().deLongOf(example);
    RankingMetrics ranking =
        RankingMetrics.of(new LabelledScores(example.scores(), example.positive()));
    Estimate.Defined auroc = defined(ranking.auroc());
    assertThat(auroc.value()).isCloseTo(expected.auc(), CLOSE);
    assertThat(ranking.deLongVariance(auroc.value())).isCloseTo(expected.variance(), within(1e-13));
    assertThat(auroc.n()).isEqualTo(example.y().size());
    Interval interval = Objects.requireNonNull(auroc.interval());
    assertThat(interval.low()).isCloseTo(expected.ci95().get(0), CLOSE);
    assertThat(interval.high()).isCloseTo(expected.ci95().get(1), CLOSE);
  }

  @ParameterizedTest
  @MethodSource("dev.cxr.eval.metrics.ScikitLearnReference#cases")
  void youdenThresholdMatchesScikitLearn(ScikitLearnReference.BinaryCase example) {
    ChosenThreshold choice = youden(example.scores(), example.positive());
    // scikit-learn's thresholds are scores; ours is half way down to the next one.
    double upper = example.expected("youden_threshold");
    double lower = Arrays.stream(example.scores()).filter(s -> s < upper).max().orElseThrow();
    assertThat(choice.value()).isCloseTo((lower + upper) / 2, CLOSE);
    assertThat(value(choice.youdenJ())).isCloseTo(example.expected("youden_j"), CLOSE);
  }

  @Test
  void wilsonIntervalsMatchTheReference() {
    assertThat(ScikitLearnReference.read().wilson())
        .hasSizeGreaterThanOrEqualTo(5)
        .allSatisfy(
            row -> {
              Interval interval = Interval.wilson(row.k(), row.n());
              assertThat(interval.low()).isCloseTo(row.wilson95().get(0), CLOSE);
              assertThat(interval.high()).isCloseTo(row.wilson95().get(1), CLOSE);
            });
  }

  @Test
  void proportionsCarryWilsonIntervals() {
    ConfusionMatrix confusion = new ConfusionMatrix(211, 10, 380, 23);
    assertThat(confusion.recall())
        .isEqualTo(new Estimate.Defined(211.0 / 234, 234, Interval.wilson(211, 234)));
    assertThat(confusion.specificity())
        .isEqualTo(new Estimate.Defined(380.0 / 390, 390, Interval.wilson(380, 390)));
    assertThat(confusion.precision())
        .isEqualTo(new Estimate.Defined(211.0 / 221, 221, Interval.wilson(211, 221)));
    assertThat(confusion.npv())
        .isEqualTo(new Estimate.Defined(380.0 / 403, 403, Interval.wilson(380, 403)));
    assertThat(confusion.accuracy())
        .isEqualTo(new Estimate.Defined(591.0 / 624, 624, Interval.wilson(591, 624)));
  }
}
