package dev.cxr.eval.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Curves against hand-computed values. */
class CurvesTest {

  private static final Offset<Double> CLOSE = within(1e-12);

  /** Four examples, one of them wrong at 0.5. */
  private static final LabelledScores FOUR =
      new LabelledScores(
          new double[] {0.9, 0.8, 0.6, 0.3}, new boolean[] {true, false, true, false});

  private static final PatientBootstrap ONE_PATIENT =
      PatientBootstrap.of(List.of("p", "p", "p", "p"), 1);

  private static double value(Estimate estimate) {
    return ((Estimate.Defined) estimate).value();
  }

  @Test
  void precisionRecallHasOnePointPerDistinctScore() {
    PrecisionRecallCurve curve =
        PrecisionRecallCurve.of(
            new LabelledScores(
                new double[] {0.9, 0.8, 0.8, 0.3}, new boolean[] {true, false, true, false}));
    assertThat(curve.thresholds()).containsExactly(0.9, 0.8, 0.3);
    assertThat(curve.recall()).containsExactly(0.5, 1, 1);
    assertThat(curve.precision()).containsExactly(1, 2.0 / 3, 0.5);
  }

  @Test
  void precisionRecallIsEmptyWithoutPositives() {
    LabelledScores negatives = new LabelledScores(new double[] {0.1, 0.2}, new boolean[2]);
    assertThat(PrecisionRecallCurve.of(negatives).recall()).isEmpty();
  }

  @Test
  void netBenefitWeighsFalsePositivesByThresholdOdds() {
    // At 0.2 a false positive costs a quarter: 2/10 - 1/10 / 4.
    Estimate benefit = DecisionCurve.netBenefit(new ConfusionMatrix(2, 1, 6, 1), 0.2);
    assertThat(value(benefit)).isCloseTo(0.175, CLOSE);
  }

  @Test
  void decisionCurveComparesWithTreatAll() {
    DecisionCurve curve = DecisionCurve.of(FOUR, 0.5, 0.75);
    assertThat(value(curve.points().get(0).model())).isCloseTo(2.0 / 4 - 1.0 / 4, CLOSE);
    assertThat(value(curve.points().get(0).all())).isCloseTo(0, CLOSE);
    assertThat(value(curve.points().get(1).model())).isCloseTo(1.0 / 4 - 3.0 / 4, CLOSE);
    assertThat(value(curve.points().get(1).all())).isCloseTo(0.5 - 0.5 * 3, CLOSE);
    assertThat(DecisionCurve.of(FOUR).points()).hasSize(99);
  }

  @Test
  void decisionCurveRejectsInvalidThresholdsAndIsUndefinedForNonProbabilities() {
    assertThatIllegalArgumentException().isThrownBy(() -> DecisionCurve.of(FOUR, 1));
    LabelledScores none = new LabelledScores(new double[] {2, 0.1}, new boolean[] {true, false});
    assertThat(DecisionCurve.of(none, 0.5).points().get(0).model())
        .isInstanceOf(Estimate.Undefined.class);
  }

  @Test
  void riskDecreasesWithLowerCoverage() {
    RiskCoverageCurve curve = RiskCoverageCurve.of(FOUR, 0.5, ONE_PATIENT);
    assertThat(curve.coverage()).containsExactly(0.25, 0.5, 0.75, 1);
    assertThat(curve.risk()).containsExactly(0, 0.5, 1.0 / 3, 0.25);
    assertThat(value(curve.area())).isCloseTo((0 + 0.5 + 1.0 / 3 + 0.25) / 4, CLOSE);
    RiskCoverageCurve.Point point = curve.atCoverage(0.6).orElseThrow();
    assertThat(value(point.coverage())).isEqualTo(0.75);
    assertThat(value(point.risk())).isCloseTo(1.0 / 3, CLOSE);
  }

  @Test
  void tiedConfidencesShareTheirErrorRate() {
    LabelledScores tied =
        new LabelledScores(
            new double[] {0.9, 0.9, 0.9, 0.9}, new boolean[] {true, false, true, true});
    RiskCoverageCurve curve = RiskCoverageCurve.of(tied, 0.5, ONE_PATIENT);
    assertThat(curve.risk()).containsExactly(0.25);
    assertThat(value(curve.area())).isCloseTo(0.25, CLOSE);
  }

  @Test
  void riskCoverageUsesDecisionsAtTheThreshold() {
    RiskCoverageCurve curve = RiskCoverageCurve.of(FOUR, 0.85, ONE_PATIENT);
    LabelledScores none = new LabelledScores(new double[0], new boolean[0]);
    assertThat(curve.risk()).endsWith(0.25); // 0.6 is a false negative, 0.8 a true negative
    assertThat(RiskCoverageCurve.of(none, 0.5, PatientBootstrap.of(List.of(), 1)).area())
        .isEqualTo(new Estimate.Undefined("no example"));
  }

  @Test
  void predictiveValuesFollowPrevalence() {
    // The textbook case: 90 % sensitive, 90 % specific, prevalence 1 %.
    ConfusionMatrix counts = new ConfusionMatrix(90, 10, 90, 10);
    List<PredictiveValues> values = PredictiveValues.at(counts, 0.01, 0.5);
    assertThat(value(values.get(0).ppv())).isCloseTo(1.0 / 12, CLOSE);
    assertThat(value(values.get(0).npv())).isCloseTo(0.891 / 0.892, CLOSE);
    assertThat(value(values.get(1).ppv())).isCloseTo(0.9, CLOSE);
    Interval interval = Objects.requireNonNull(((Estimate.Defined) values.get(0).ppv()).interval());
    assertThat(1.0 / 12).isBetween(interval.low(), interval.high());
  }

  @Test
  void predictiveValuesAreUndefinedWithReason() {
    PredictiveValues noAlarm = PredictiveValues.at(new ConfusionMatrix(0, 0, 5, 5), 0.1).get(0);
    assertThat(noAlarm.ppv()).isEqualTo(new Estimate.Undefined("no positive prediction"));
    PredictiveValues noIll = PredictiveValues.at(new ConfusionMatrix(0, 1, 5, 0), 0.1).get(0);
    assertThat(noIll.npv()).isEqualTo(new Estimate.Undefined("no positive example"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PredictiveValues.at(new ConfusionMatrix(1, 1, 1, 1), 10));
  }

  @Test
  void ranksOneMillionScoresWithinTwoSeconds() {
    Random random = new Random(1);
    double[] scores = random.doubles(1_000_000).toArray();
    boolean[] positive = new boolean[scores.length];
    for (int i = 0; i < positive.length; i++) {
      positive[i] = random.nextDouble() < scores[i];
    }
    ThreadMXBean clock = ManagementFactory.getThreadMXBean();
    long start = clock.getCurrentThreadCpuTime(); // independent of other load
    Estimate.Defined auroc =
        (Estimate.Defined) RankingMetrics.of(new LabelledScores(scores, positive)).auroc();
    assertThat((clock.getCurrentThreadCpuTime() - start) / 1e9).isLessThan(2);
    assertThat(auroc.value()).isCloseTo(5.0 / 6, within(0.002)); // integrated by hand
    assertThat(auroc.interval()).isNotNull();
  }
}
