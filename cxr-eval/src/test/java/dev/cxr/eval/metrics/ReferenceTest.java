package dev.cxr.eval.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Objects;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Figures against those of scikit-learn 1.2.1, see {@link Reference}. */
class ReferenceTest {

  private static final Offset<Double> CLOSE = within(1e-9);

  private static Estimate.Defined defined(Estimate estimate) {
    assertThat(estimate).isInstanceOf(Estimate.Defined.class);
    return (Estimate.Defined) estimate;
  }

  private static double value(Estimate estimate) {
    return defined(estimate).value();
  }

  @ParameterizedTest
  @MethodSource("dev.cxr.eval.metrics.Reference#cases")
  void countsAreThoseOfTheReference(Reference.Case example) {
    ConfusionMatrix confusion =
        ConfusionMatrix.of(
            new LabelledScores(example.scores(), example.positive()), example.threshold());
    assertThat(confusion)
        .isEqualTo(
            new ConfusionMatrix(
                (long) example.figure("tp"),
                (long) example.figure("fp"),
                (long) example.figure("tn"),
                (long) example.figure("fn")));
  }

  @ParameterizedTest
  @MethodSource("dev.cxr.eval.metrics.Reference#cases")
  void figuresAreThoseOfTheReference(Reference.Case example) {
    BinaryReport report =
        BinaryReport.of(example.scores(), example.positive(), example.threshold());
    assertThat(value(report.accuracy())).isCloseTo(example.figure("accuracy"), CLOSE);
    assertThat(value(report.precision())).isCloseTo(example.figure("precision"), CLOSE);
    assertThat(value(report.recall())).isCloseTo(example.figure("recall"), CLOSE);
    assertThat(value(report.specificity())).isCloseTo(example.figure("specificity"), CLOSE);
    assertThat(value(report.npv()))
        .isCloseTo(example.figure("tn") / (example.figure("tn") + example.figure("fn")), CLOSE);
    assertThat(value(report.f1())).isCloseTo(example.figure("f1"), CLOSE);
    assertThat(value(report.balancedAccuracy()))
        .isCloseTo(example.figure("balanced_accuracy"), CLOSE);
    assertThat(value(report.mcc())).isCloseTo(example.figure("mcc"), CLOSE);
    assertThat(value(report.kappa())).isCloseTo(example.figure("cohen_kappa"), CLOSE);
    assertThat(value(report.auroc())).isCloseTo(example.figure("roc_auc"), CLOSE);
    assertThat(value(report.averagePrecision()))
        .isCloseTo(example.figure("average_precision"), CLOSE);
    assertThat(value(report.brier())).isCloseTo(example.figure("brier"), CLOSE);
    assertThat(value(report.logLoss())).isCloseTo(example.figure("log_loss"), CLOSE);
  }

  @ParameterizedTest
  @MethodSource("dev.cxr.eval.metrics.Reference#cases")
  void deLongVarianceAndIntervalAreThoseOfTheReference(Reference.Case example) {
    Reference.DeLong expected = Reference.read().delongOf(example);
    Ranking ranking = Ranking.of(new LabelledScores(example.scores(), example.positive()));
    Estimate.Defined auroc = defined(ranking.auroc());
    assertThat(auroc.value()).isCloseTo(expected.auc(), CLOSE);
    assertThat(ranking.deLongVariance(auroc.value())).isCloseTo(expected.variance(), within(1e-13));
    assertThat(auroc.n()).isEqualTo(example.y().size());
    Interval interval = Objects.requireNonNull(auroc.interval());
    assertThat(interval.low()).isCloseTo(expected.ci95().get(0), CLOSE);
    assertThat(interval.high()).isCloseTo(expected.ci95().get(1), CLOSE);
  }

  @ParameterizedTest
  @MethodSource("dev.cxr.eval.metrics.Reference#cases")
  void youdenCutsBetweenTheScoreOfTheReferenceAndTheOneBelow(Reference.Case example) {
    Threshold choice = Threshold.youden(example.scores(), example.positive());
    // scikit-learn's thresholds are scores; ours is half way down to the next one.
    double upper = example.figure("youden_threshold");
    double lower = Arrays.stream(example.scores()).filter(s -> s < upper).max().orElseThrow();
    assertThat(choice.value()).isCloseTo((lower + upper) / 2, CLOSE);
    assertThat(value(choice.youdenJ())).isCloseTo(example.figure("youden_j"), CLOSE);
  }

  @Test
  void wilsonIntervalsAreThoseOfTheReference() {
    assertThat(Reference.read().wilson())
        .hasSizeGreaterThanOrEqualTo(5)
        .allSatisfy(
            row -> {
              Interval interval = Interval.wilson(row.k(), row.n());
              assertThat(interval.low()).isCloseTo(row.wilson95().get(0), CLOSE);
              assertThat(interval.high()).isCloseTo(row.wilson95().get(1), CLOSE);
            });
  }

  @Test
  void proportionsCarryWilsonIntervalsOverTheirOwnDenominators() {
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
