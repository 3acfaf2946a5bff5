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

class TwoGroupsTest {

  /** As a normal distribution would have them, without chance. */
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
  void theGroupsOfAMixtureAreFoundAgain() {
    TwoGroups groups = TwoGroups.of(both(normal(400, -3, 1), normal(200, 3, 1)));
    assertThat(groups.low()).isCloseTo(-3, within(0.02));
    assertThat(groups.high()).isCloseTo(3, within(0.02));
    assertThat(groups.deviation()).isCloseTo(1, within(0.02));
    assertThat(groups.highShare()).isCloseTo(1 / 3.0, within(0.002));
    // Even odds: 6 x = ln 2, the spread being 1 and the middle 0.
    assertThat(groups.cut()).isCloseTo(Math.log(2) / 6, within(0.01));
    assertThat(groups.doubt(Sides.UNKNOWN)).isNull();
  }

  @Test
  void equalGroupsPartInTheMiddle() {
    assertThat(TwoGroups.of(both(normal(100, -2, 0.5), normal(100, 2, 0.5))).cut())
        .isCloseTo(0, within(1e-9));
  }

  @ParameterizedTest
  @CsvSource({"1, 2.5", "1, -40", "0.3, 0", "7, 1"})
  void aShiftOrAStretchMovesTheCutAlong(double stretch, double shift) {
    double[] scores = both(normal(150, -2, 1), normal(80, 3, 1.5));
    double[] moved = Arrays.stream(scores).map(x -> stretch * x + shift).toArray();
    assertThat(TwoGroups.of(moved).cut())
        .isCloseTo(stretch * TwoGroups.of(scores).cut() + shift, within(1e-6));
  }

  @Test
  void theOrderHasNoSay() {
    double[] scores = both(normal(150, -2, 1), normal(80, 3, 1.5));
    double[] turned = IntStream.range(0, 230).mapToDouble(i -> scores[(i * 97) % 230]).toArray();
    assertThat(TwoGroups.of(turned)).isEqualTo(TwoGroups.of(scores));
  }

  @Test
  void oneGroupIsDoubtedWhateverItsShape() {
    assertThat(TwoGroups.of(normal(300, 0, 1)).doubt(Sides.UNKNOWN)).contains("two groups");
    assertThat(TwoGroups.of(even(300, p -> p)).doubt(Sides.UNKNOWN)).contains("two groups");
    assertThat(TwoGroups.of(even(300, p -> -Math.log(1 - p))).doubt(Sides.UNKNOWN))
        .contains("two groups");
    assertThat(TwoGroups.of(both(normal(300, 0, 1), new double[] {30})).doubt(Sides.UNKNOWN))
        .contains("two groups");
  }

  @Test
  void aSmallGroupIsSeenWhereBothSidesAreKnownToBeThereButOutliersAreNoSide() {
    TwoGroups small = TwoGroups.of(both(normal(100, 0, 1), normal(20, 5, 1)));
    assertThat(small.doubt(Sides.UNKNOWN)).contains("two groups");
    assertThat(small.doubt(Sides.BOTH)).isNull();
    assertThat(TwoGroups.of(both(normal(100, 0, 1), normal(5, 30, 1))).doubt(Sides.BOTH))
        .contains("5 %", "outliers");
  }

  @Test
  void twoScoresAloneAreDoubted() {
    assertThat(TwoGroups.of(new double[] {-1, -1, -1, 4, 4}).doubt(Sides.UNKNOWN)).isNotNull();
  }

  /** Solved as linear programmes: the nearest of all distributions with one peak. */
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
  void theDipIsTheDistanceFromTheNearestOfOnePeak(String scores, double expected) {
    assertThat(Dip.of(Arrays.stream(scores.split(";")).mapToDouble(Double::parseDouble).toArray()))
        .isCloseTo(expected, within(1e-9));
  }

  @Test
  void equalScoresCountOnceForTheDip() {
    assertThat(Dip.of(new double[] {3, 1, 2, 2, 2, 4})).isEqualTo(0.125);
  }

  @Test
  void theMoreTheGroupsStandApartTheSmallerTheP() {
    double apart = Dip.p(both(normal(60, -3, 1), normal(60, 3, 1)));
    double together = Dip.p(both(normal(60, -0.5, 1), normal(60, 0.5, 1)));
    assertThat(apart).isLessThan(0.01);
    assertThat(together).isGreaterThan(0.5);
  }
}
