package dev.cxr.eval.metrics.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.LabelledScores;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class SignificanceTestsTest {

  private static double value(Estimate estimate) {
    return ((Estimate.Defined) estimate).value();
  }

  private static List<Estimate> estimates(double... values) {
    return DoubleStream.of(values).<Estimate>mapToObj(v -> new Estimate.Defined(v, 10)).toList();
  }

  /** Numbers of examples that only the first, only the second, and both predict correctly. */
  private static McNemarTest mcNemar(int firstAlone, int secondAlone, int both) {
    boolean[] first = new boolean[firstAlone + secondAlone + both];
    boolean[] second = new boolean[first.length];
    for (int i = 0; i < first.length; i++) {
      first[i] = i < firstAlone || i >= firstAlone + secondAlone;
      second[i] = i >= firstAlone;
    }
    return McNemarTest.of(first, second);
  }

  @Test
  void mcNemarIsExactForFewDisagreements() {
    McNemarTest test = mcNemar(1, 9, 30);
    assertThat(test.method()).isEqualTo(McNemarTest.Method.EXACT_BINOMIAL);
    assertThat(value(test.p())).isCloseTo(22.0 / 1024, within(1e-12));
    assertThat(value(mcNemar(0, 0, 5).p())).isEqualTo(1);
  }

  @Test
  void mcNemarUsesCorrectedChiSquareForManyDisagreements() {
    // A. Agresti, Categorical Data Analysis: approval twice, 150 and 86 changed their minds.
    McNemarTest test = mcNemar(150, 86, 1364);
    assertThat(test.method()).isEqualTo(McNemarTest.Method.CORRECTED_CHI_SQUARE);
    assertThat(value(test.p())).isCloseTo(4.114562281345944e-05, within(1e-12));
  }

  @Test
  void holmCorrectionMatchesHandComputedValues() {
    List<Estimate> corrected = HolmCorrection.correct(estimates(0.01, 0.04, 0.03, 0.005));
    assertThat(corrected.stream().mapToDouble(SignificanceTestsTest::value).toArray())
        .containsExactly(new double[] {0.03, 0.06, 0.06, 0.02}, within(1e-12));
    List<Estimate> withNone =
        HolmCorrection.correct(
            List.of(new Estimate.Undefined("none"), new Estimate.Defined(0.7, 3)));
    assertThat(withNone)
        .containsExactly(new Estimate.Undefined("none"), new Estimate.Defined(0.7, 3));
  }

  @Test
  void deLongDifferenceMatchesPairwiseComparison() {
    Random random = new Random(4);
    int n = 60;
    double[] a = new double[n];
    double[] b = new double[n];
    boolean[] positive = new boolean[n];
    for (int i = 0; i < n; i++) {
      positive[i] = i % 3 == 0;
      double truth = random.nextGaussian() + (positive[i] ? 1 : 0);
      a[i] = Math.rint(2 * (truth + random.nextGaussian()));
      b[i] = Math.rint(2 * (truth + 2 * random.nextGaussian()));
    }
    double[] lead = new double[n];
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < n; k++) {
        if (positive[i] != positive[k]) {
          double sign = positive[i] ? 1 : -1;
          lead[i] +=
              sign
                  * (Math.signum(a[i] - a[k]) - Math.signum(b[i] - b[k]))
                  / 2
                  / (positive[i] ? 40 : 20);
        }
      }
    }
    double difference = 0;
    for (int i = 0; i < n; i++) {
      difference += positive[i] ? lead[i] / 20 : 0;
    }
    double variance = 0;
    for (int i = 0; i < n; i++) {
      int own = positive[i] ? 20 : 40;
      variance += (lead[i] - difference) * (lead[i] - difference) / (own - 1) / own;
    }
    DeLongTest test =
        DeLongTest.of(new LabelledScores(a, positive), new LabelledScores(b, positive));
    assertThat(value(test.difference())).isCloseTo(difference, within(1e-12));
    assertThat(value(test.z())).isCloseTo(difference / Math.sqrt(variance), within(1e-9));
    assertThat(value(test.p())).isBetween(0.0, 1.0);
  }

  @Test
  void modelDoesNotDifferFromItself() {
    LabelledScores own =
        new LabelledScores(new double[] {1, 2, 3, 4}, new boolean[] {false, true, false, true});
    DeLongTest test = DeLongTest.of(own, own);
    assertThat(value(test.difference())).isZero();
    assertThat(test.p()).isEqualTo(new Estimate.Undefined("the difference has no variance"));
    LabelledScores others = new LabelledScores(new double[4], new boolean[4]);
    assertThatIllegalArgumentException().isThrownBy(() -> DeLongTest.of(own, others));
  }

  @Test
  void seedSummaryHasStudentInterval() {
    SeedSummary spread = SeedSummary.of(estimates(0.8, 0.9, 1.0));
    assertThat(value(spread.mean())).isCloseTo(0.9, within(1e-12));
    assertThat(value(spread.standardDeviation())).isCloseTo(0.1, within(1e-12));
    // t of 2 degrees is 4.302653.
    double halfWidth = 4.302652729911275 * 0.1 / Math.sqrt(3);
    assertThat(((Estimate.Defined) spread.mean()).interval())
        .satisfies(
            interval -> assertThat(interval.high()).isCloseTo(0.9 + halfWidth, within(1e-6)));
    assertThat(SeedSummary.of(estimates(0.8)).standardDeviation())
        .isEqualTo(new Estimate.Undefined("one run only"));
    assertThat(SeedSummary.of(List.of(new Estimate.Undefined("x"))).mean())
        .isInstanceOf(Estimate.Undefined.class);
  }
}
