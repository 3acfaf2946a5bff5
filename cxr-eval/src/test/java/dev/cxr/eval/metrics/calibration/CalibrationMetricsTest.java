package dev.cxr.eval.metrics.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.Interval;
import dev.cxr.eval.metrics.LabelledProbabilities;
import dev.cxr.eval.metrics.LabelledScores;
import dev.cxr.eval.metrics.PatientBootstrap;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** With two distinct probabilities everything has a closed form. */
class CalibrationMetricsTest {

  private static final PatientBootstrap ONE_PATIENT =
      PatientBootstrap.of(Collections.nCopies(20, "p"), 1);

  private static final Offset<Double> CLOSE = within(1e-9);

  /** Ten examples at each of two probabilities; the numbers of positives are given. */
  private static LabelledScores two(double low, int positiveLow, double high, int positiveHigh) {
    double[] scores = new double[20];
    boolean[] positive = new boolean[20];
    for (int i = 0; i < 20; i++) {
      scores[i] = i < 10 ? low : high;
      positive[i] = i < 10 ? i < positiveLow : i - 10 < positiveHigh;
    }
    return new LabelledScores(scores, positive);
  }

  private static double logit(double p) {
    return Math.log(p / (1 - p));
  }

  private static double value(Estimate estimate) {
    return ((Estimate.Defined) estimate).value();
  }

  private static Interval interval(Estimate estimate) {
    return Objects.requireNonNull(((Estimate.Defined) estimate).interval());
  }

  @Test
  void binsHoldEqualCountsAndEceIsTheirMeanDistance() {
    double[] scores = new double[40];
    boolean[] positive = new boolean[40];
    for (int i = 0; i < 40; i++) {
      scores[i] = (i + 0.5) / 40;
      positive[i] = i % 4 == 3; // one in each bin of four
    }
    ReliabilityDiagram reliability = ReliabilityDiagram.of(new LabelledScores(scores, positive));
    assertThat(reliability.bins()).hasSize(ReliabilityDiagram.BINS);
    double expected = 0;
    for (int b = 0; b < 10; b++) {
      ReliabilityDiagram.Bin bin = reliability.bins().get(b);
      assertThat(bin.lowest()).isEqualTo(scores[4 * b]);
      assertThat(bin.highest()).isEqualTo(scores[4 * b + 3]);
      assertThat(bin.mean()).isCloseTo((4 * b + 2) / 40.0, CLOSE);
      assertThat(value(bin.positive())).isEqualTo(0.25);
      expected += Math.abs((4 * b + 2) / 40.0 - 0.25) / 10;
    }
    assertThat(value(reliability.ece())).isCloseTo(expected, CLOSE);
  }

  @Test
  void tiedProbabilitiesShareOneBin() {
    ReliabilityDiagram reliability = ReliabilityDiagram.of(two(0.2, 3, 0.8, 6));
    assertThat(reliability.bins()).hasSize(2);
    assertThat(value(reliability.ece())).isCloseTo((0.1 + 0.2) / 2, CLOSE);
  }

  @Test
  void slopeAndInterceptMatchTheSaturatedRegression() {
    CalibrationRegression line = CalibrationRegression.of(two(0.2, 3, 0.8, 6));
    double run = logit(0.8) - logit(0.2);
    double slope = (logit(0.6) - logit(0.3)) / run;
    assertThat(value(line.slope())).isCloseTo(slope, CLOSE);
    assertThat(value(line.intercept())).isCloseTo(logit(0.3) - slope * logit(0.2), CLOSE);
    double error = Math.sqrt(1 / (10 * 0.6 * 0.4) + 1 / (10 * 0.3 * 0.7)) / run;
    assertThat(interval(line.slope()).high()).isCloseTo(slope + 1.959963984540054 * error, CLOSE);
    double a = value(line.inTheLarge()); // its shifted probabilities add up to the nine positives
    double low = 1 / (1 + Math.exp(-(a + logit(0.2))));
    double high = 1 / (1 + Math.exp(-(a + logit(0.8))));
    assertThat(10 * low + 10 * high).isCloseTo(9, within(1e-8));
  }

  @Test
  void perfectCalibrationHasSlopeOneAndInterceptZero() {
    CalibrationRegression line = CalibrationRegression.of(two(0.3, 3, 0.6, 6));
    assertThat(value(line.slope())).isCloseTo(1, CLOSE);
    assertThat(value(line.intercept())).isCloseTo(0, CLOSE);
    assertThat(value(line.inTheLarge())).isCloseTo(0, CLOSE);
  }

  @Test
  void separatedClassesHaveUndefinedSlope() {
    assertThat(CalibrationRegression.of(two(0.2, 0, 0.8, 10)).slope())
        .isEqualTo(new Estimate.Undefined("the scores separate the classes perfectly"));
    assertThat(CalibrationRegression.of(two(0.5, 2, 0.5, 2)).slope())
        .isEqualTo(new Estimate.Undefined("all scores are equal"));
    assertThat(CalibrationRegression.of(two(0.2, 0, 0.8, 0)).inTheLarge())
        .isEqualTo(new Estimate.Undefined("no positive example"));
  }

  @Test
  void certainErrorsKeepTheFitFinite() {
    CalibrationMetrics calibration = CalibrationMetrics.of(two(0, 1, 1, 9), ONE_PATIENT);
    assertThat(calibration.regression().slope()).isInstanceOf(Estimate.Defined.class);
    assertThat(calibration.logLoss()).isInstanceOf(Estimate.Defined.class);
  }

  @Test
  void temperatureMatchesTheClosedForm() {
    LabelledScores examples = two(0.1, 3, 0.9, 7);
    TemperatureScaling temperature = TemperatureScaling.of(examples);
    assertThat(value(temperature.value())).isCloseTo(logit(0.9) / logit(0.7), CLOSE);
    LabelledScores after = temperature.apply(examples);
    assertThat(after.score(0)).isCloseTo(0.3, CLOSE);
    assertThat(after.score(19)).isCloseTo(0.7, CLOSE);
    assertThat(value(temperature.after())).isLessThan(value(temperature.before()));
  }

  @Test
  void multiClassTemperatureMatchesTheBinaryOne() {
    LabelledScores examples = two(0.1, 3, 0.9, 7);
    double[][] rows = new double[20][];
    int[] actual = new int[20];
    for (int i = 0; i < 20; i++) {
      rows[i] = new double[] {1 - examples.score(i), examples.score(i)};
      actual[i] = examples.isPositive(i) ? 1 : 0;
    }
    LabelledProbabilities classes = new LabelledProbabilities(List.of("N", "P"), rows, actual);
    TemperatureScaling temperature = TemperatureScaling.of(classes);
    assertThat(value(temperature.value())).isCloseTo(logit(0.9) / logit(0.7), within(1e-7));
    assertThat(temperature.apply(classes).probabilities(19)[1]).isCloseTo(0.7, within(1e-7));
  }

  @Test
  void onlySofteningIgnoresSharpeningTemperatures() {
    LabelledScores underconfident = two(0.3, 1, 0.7, 9);
    TemperatureScaling sharper = TemperatureScaling.of(underconfident);
    assertThat(sharper.valueOrOne()).isCloseTo(logit(0.7) / logit(0.9), CLOSE);
    TemperatureScaling none = sharper.onlySoftening();
    assertThat(none.valueOrOne()).isOne();
    assertThat(none.apply(underconfident)).isSameAs(underconfident);
    assertThat(none.after()).isEqualTo(none.before()).isEqualTo(sharper.before());
    TemperatureScaling softer = TemperatureScaling.of(two(0.1, 3, 0.9, 7));
    assertThat(softer.onlySoftening()).isSameAs(softer);
  }

  @Test
  void undefinedTemperatureLeavesProbabilitiesUnchanged() {
    LabelledScores correct = two(0.1, 0, 0.9, 10);
    TemperatureScaling lower = TemperatureScaling.of(correct);
    assertThat(lower.value()).isInstanceOf(Estimate.Undefined.class);
    assertThat(lower.apply(correct)).isSameAs(correct);
    assertThat(lower.after()).isEqualTo(lower.before());
    assertThat(lower.valueOrOne()).isOne();
    TemperatureScaling higher = TemperatureScaling.of(two(0.1, 7, 0.9, 3));
    assertThat(((Estimate.Undefined) higher.value()).reason())
        .contains("do not separate the classes");
    assertThat(TemperatureScaling.of(two(0.1, 0, 0.9, 0)).value())
        .isEqualTo(new Estimate.Undefined("no positive example"));
  }

  @Test
  void nonProbabilitiesHaveUndefinedCalibration() {
    CalibrationMetrics calibration = CalibrationMetrics.of(two(-1, 3, 0.8, 6), ONE_PATIENT);
    Estimate because =
        new Estimate.Undefined("score -1.0 at index 0 is outside [0, 1] and not a probability");
    assertThat(calibration.reliability().ece()).isEqualTo(because);
    assertThat(calibration.brier()).isEqualTo(because);
    assertThat(calibration.regression().slope()).isEqualTo(because);
  }

  @Test
  void bootstrapAddsPatientIntervals() {
    List<String> patients = IntStream.range(0, 20).mapToObj(i -> "p" + i).toList();
    CalibrationMetrics calibration =
        CalibrationMetrics.of(two(0.2, 3, 0.8, 6), PatientBootstrap.of(patients, 1, 200));
    for (Estimate estimate :
        List.of(calibration.reliability().ece(), calibration.brier(), calibration.logLoss())) {
      Estimate.Defined defined = (Estimate.Defined) estimate;
      Interval found =
          Objects.requireNonNull(Objects.requireNonNull(defined.byPatient()).interval());
      assertThat(defined.value()).isBetween(found.low(), found.high());
    }
  }
}
