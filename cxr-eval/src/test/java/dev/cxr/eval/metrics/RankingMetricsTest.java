package dev.cxr.eval.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The ranking metrics against their definitions, computed pairwise on small random samples. */
class RankingMetricsTest {

  /** Scores on a coarse grid with many ties, and labels correlated with them. */
  static final class Sample {
    final double[] scores;
    final boolean[] positive;

    Sample(long seed) {
      Random random = new Random(seed);
      int n = 20 + random.nextInt(60);
      scores = new double[n];
      positive = new boolean[n];
      for (int i = 0; i < n; i++) {
        scores[i] = random.nextInt(12) / 11.0;
        positive[i] = i < 2 || (i > 3 && random.nextDouble() < 0.3 + 0.4 * scores[i]);
      }
    }

    double j(double threshold) {
      ConfusionMatrix c = ConfusionMatrix.of(new LabelledScores(scores, positive), threshold);
      return (double) c.tp() / (c.tp() + c.fn()) + (double) c.tn() / (c.tn() + c.fp()) - 1;
    }
  }

  static Stream<Sample> samples() {
    return IntStream.range(0, 20).mapToObj(Sample::new);
  }

  private static double value(Estimate estimate) {
    return ((Estimate.Defined) estimate).value();
  }

  private static ChosenThreshold youden(double[] scores, boolean[] positive) {
    return new ThresholdRule.Youden().choose(new LabelledScores(scores, positive));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void aurocAndDeLongVarianceMatchPairwiseComparison(Sample sample) {
    int n = sample.scores.length;
    double[] share =
        new double[n]; // of the other class that is ranked correctly against each example
    long positives = IntStream.range(0, n).filter(i -> sample.positive[i]).count();
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < n; k++) {
        if (sample.positive[i] != sample.positive[k]) {
          double difference = Math.signum(sample.scores[i] - sample.scores[k]);
          double won = (1 + (sample.positive[i] ? difference : -difference)) / 2;
          share[i] += won / (sample.positive[i] ? n - positives : positives);
        }
      }
    }
    double area = 0;
    for (int i = 0; i < n; i++) {
      area += sample.positive[i] ? share[i] / positives : 0;
    }
    double variance = 0;
    for (int i = 0; i < n; i++) {
      long own = sample.positive[i] ? positives : n - positives;
      variance += (share[i] - area) * (share[i] - area) / (own - 1) / own;
    }
    RankingMetrics ranking = RankingMetrics.of(new LabelledScores(sample.scores, sample.positive));
    assertThat(value(ranking.auroc())).isCloseTo(area, within(1e-12));
    assertThat(ranking.deLongVariance(area)).isCloseTo(variance, within(1e-12));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void rocCurveMatchesAurocAndItsThresholds(Sample sample) {
    RocCurve curve = RocCurve.of(new LabelledScores(sample.scores, sample.positive));
    double area = 0;
    for (int k = 0; k < curve.thresholds().length; k++) {
      ConfusionMatrix confusion =
          ConfusionMatrix.of(
              new LabelledScores(sample.scores, sample.positive), curve.thresholds()[k]);
      assertThat(curve.tpr()[k]).isEqualTo(value(confusion.recall()));
      assertThat(1 - curve.fpr()[k]).isCloseTo(value(confusion.specificity()), within(1e-12));
      if (k > 0) {
        assertThat(curve.thresholds()[k]).isLessThan(curve.thresholds()[k - 1]);
        area += (curve.fpr()[k] - curve.fpr()[k - 1]) * (curve.tpr()[k] + curve.tpr()[k - 1]) / 2;
      }
    }
    assertThat(curve.fpr()[0]).isZero();
    assertThat(curve.tpr()[0]).isZero();
    assertThat(curve.fpr()).endsWith(1.0);
    assertThat(curve.tpr()).endsWith(1.0);
    assertThat(area)
        .isCloseTo(
            value(
                BinaryMetrics.of(new LabelledScores(sample.scores, sample.positive), 0.5).auroc()),
            within(1e-12));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void youdenThresholdIsOptimal(Sample sample) {
    ChosenThreshold choice = youden(sample.scores, sample.positive);
    assertThat(value(choice.youdenJ())).isCloseTo(sample.j(choice.value()), within(1e-12));
    assertThat(sample.scores).doesNotContain(choice.value());
    for (int k = 0; k < 11; k++) {
      assertThat(sample.j((k + 0.5) / 11)).isLessThanOrEqualTo(sample.j(choice.value()) + 1e-12);
    }
  }

  @Test
  void tiedYoudenChoosesTheHighestThreshold() {
    double[] scores = {0.2, 0.4, 0.6, 0.8};
    boolean[] positive = {false, true, false, true};
    assertThat(youden(scores, positive).value()).isCloseTo(0.7, within(1e-12));
  }

  @Test
  void equalScoresFallBackToOneHalf() {
    assertThat(youden(new double[] {0.7, 0.7}, new boolean[] {true, false}))
        .isEqualTo(ChosenThreshold.fallback("all 2 scores equal 0.7"));
  }

  @Test
  void thresholdIsCorrectForAdjacentAndHugeScores() {
    boolean[] positive = {false, true};
    double[] neighbours = {0.5, Math.nextUp(0.5)};
    assertThat(youden(neighbours, positive).value()).isEqualTo(Math.nextUp(0.5));
    double[] huge = {Double.MAX_VALUE / 2, Double.MAX_VALUE};
    assertThat(youden(huge, positive).value()).isGreaterThan(huge[0]).isLessThan(huge[1]);
  }

  @Test
  void negativeZeroTiesWithZero() {
    double[] scores = {0.0, -0.0};
    assertThat(
            value(
                BinaryMetrics.of(new LabelledScores(scores, new boolean[] {true, false}), 0.5)
                    .auroc()))
        .isEqualTo(0.5);
    assertThat(
            value(
                BinaryMetrics.of(new LabelledScores(scores, new boolean[] {false, true}), 0.5)
                    .auroc()))
        .isEqualTo(0.5);
  }

  @Test
  void scoreEqualToThresholdIsPositive() {
    assertThat(
            ConfusionMatrix.of(
                new LabelledScores(new double[] {0.5, 0.5}, new boolean[] {true, false}), 0.5))
        .isEqualTo(new ConfusionMatrix(1, 1, 0, 0));
  }

  @Test
  void certainErrorHasFiniteLogLoss() {
    double[] scores = {1, 0};
    assertThat(
            value(
                BinaryMetrics.of(new LabelledScores(scores, new boolean[] {false, true}), 0.5)
                    .logLoss()))
        .isCloseTo(52 * Math.log(2), within(1e-9));
  }

  @Test
  void inputArraysAreNotModified() {
    double[] scores = {0.9, 0.1, 0.5};
    boolean[] positive = {true, false, true};
    BinaryMetrics.of(new LabelledScores(scores, positive), 0.5);
    assertThat(scores).containsExactly(0.9, 0.1, 0.5);
    assertThat(positive).containsExactly(true, false, true);
  }
}
