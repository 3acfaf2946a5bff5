package dev.cxr.eval.metrics.unlabelled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GaussianMixtureTest {

  /** Quantiles of a normal distribution. */
  private static double[] normal(int n, double mean, double deviation) {
    NormalDistribution distribution = new NormalDistribution(mean, deviation);
    return even(n, distribution::inverseCumulativeProbability);
  }

  private static double[] even(int n, DoubleUnaryOperator quantile) {
    return IntStream.range(0, n).mapToDouble(i -> quantile.applyAsDouble((i + 0.5) / n)).toArray();
  }

  private static double[] both(double[] some, double[] others) {
    return DoubleStream.concat(Arrays.stream(some), Arrays.stream(others)).toArray();
  }

  @Test
  void recoversMixtureParameters() {
    GaussianMixture groups = GaussianMixture.fit(both(normal(400, -3, 1), normal(200, 3, 1)));
    assertThat(groups.lowMean()).isCloseTo(-3, within(0.02));
    assertThat(groups.highMean()).isCloseTo(3, within(0.02));
    assertThat(groups.standardDeviation()).isCloseTo(1, within(0.02));
    assertThat(groups.highShare()).isCloseTo(1 / 3.0, within(0.002));
    // Equal odds: 6 x = ln 2, with standard deviation 1 and midpoint 0.
    assertThat(groups.threshold()).isCloseTo(Math.log(2) / 6, within(0.01));
    assertThat(groups.rejectionReason(ClassPresence.UNKNOWN)).isNull();
  }

  @Test
  void equalGroupsSplitAtTheMidpoint() {
    assertThat(GaussianMixture.fit(both(normal(100, -2, 0.5), normal(100, 2, 0.5))).threshold())
        .isCloseTo(0, within(1e-9));
  }

  @ParameterizedTest
  @CsvSource({"1, 2.5", "1, -40", "0.3, 0", "7, 1"})
  void thresholdFollowsShiftAndScale(double stretch, double shift) {
    double[] scores = both(normal(150, -2, 1), normal(80, 3, 1.5));
    double[] moved = Arrays.stream(scores).map(x -> stretch * x + shift).toArray();
    assertThat(GaussianMixture.fit(moved).threshold())
        .isCloseTo(stretch * GaussianMixture.fit(scores).threshold() + shift, within(1e-6));
  }

  @Test
  void orderDoesNotMatter() {
    double[] scores = both(normal(150, -2, 1), normal(80, 3, 1.5));
    double[] turned = IntStream.range(0, 230).mapToDouble(i -> scores[(i * 97) % 230]).toArray();
    assertThat(GaussianMixture.fit(turned)).isEqualTo(GaussianMixture.fit(scores));
  }

  @Test
  void rejectsUnimodalScores() {
    assertThat(GaussianMixture.fit(normal(300, 0, 1)).rejectionReason(ClassPresence.UNKNOWN))
        .contains("two groups");
    assertThat(GaussianMixture.fit(even(300, p -> p)).rejectionReason(ClassPresence.UNKNOWN))
        .contains("two groups");
    assertThat(
            GaussianMixture.fit(even(300, p -> -Math.log(1 - p)))
                .rejectionReason(ClassPresence.UNKNOWN))
        .contains("two groups");
    assertThat(
            GaussianMixture.fit(both(normal(300, 0, 1), new double[] {30}))
                .rejectionReason(ClassPresence.UNKNOWN))
        .contains("two groups");
  }

  @Test
  void acceptsSmallGroupWhenBothClassesAreKnownButRejectsOutliers() {
    GaussianMixture small = GaussianMixture.fit(both(normal(100, 0, 1), normal(20, 5, 1)));
    assertThat(small.rejectionReason(ClassPresence.UNKNOWN)).contains("two groups");
    assertThat(small.rejectionReason(ClassPresence.BOTH)).isNull();
    assertThat(
            GaussianMixture.fit(both(normal(100, 0, 1), normal(5, 30, 1)))
                .rejectionReason(ClassPresence.BOTH))
        .contains("5 %", "outliers");
  }

  @Test
  void rejectsTwoDistinctScores() {
    assertThat(
            GaussianMixture.fit(new double[] {-1, -1, -1, 4, 4})
                .rejectionReason(ClassPresence.UNKNOWN))
        .isNotNull();
  }

  /** Expected values by linear programming over all unimodal distributions. */
  @ParameterizedTest
  @CsvSource({
    "1;2;3;4, 0.125",
    "0;10, 0.25",
    "1;2;3;11;12;13, 0.2",
    "0;1;2;3;10;11;12;13, 0.175",
    "0;1;2;3;4;20;21;22, 0.1666666666667",
    "0.2;0.9;1.4;1.5;1.7;4.8;4.9;5.1;5.6;7.2, 0.158974358974",
    "0;0.1;0.3;0.4;0.45;0.8;0.85;0.87;0.9;0.91;1.5;1.6, 0.091145833333"
  })
  void dipStatisticMatchesLinearProgramming(String scores, double expected) {
    assertThat(
            DipTest.statistic(
                Arrays.stream(scores.split(";")).mapToDouble(Double::parseDouble).toArray()))
        .isCloseTo(expected, within(1e-9));
  }

  @Test
  void dipStatisticCountsTiedScoresOnce() {
    assertThat(DipTest.statistic(new double[] {3, 1, 2, 2, 2, 4})).isEqualTo(0.125);
  }

  @Test
  void dipPValueDecreasesWithSeparation() {
    double apart = DipTest.pValue(both(normal(60, -3, 1), normal(60, 3, 1)));
    double overlapping = DipTest.pValue(both(normal(60, -0.5, 1), normal(60, 0.5, 1)));
    assertThat(apart).isLessThan(0.01);
    assertThat(overlapping).isGreaterThan(0.5);
  }
}
