package dev.cxr.data.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FeatureAurocTest {

  @ParameterizedTest
  @ValueSource(ints = {2, 5, 50, 100_000})
  void equalsTheShareOfOrderedPairs(int values) {
    Random random = new Random(values);
    double[] lower = random.ints(40, 0, values).asDoubleStream().toArray();
    double[] upper = random.ints(70, 0, values).mapToDouble(v -> v + 0.3 * values).toArray();
    double won = 0;
    for (double l : lower) {
      for (double u : upper) {
        won += u > l ? 1 : u == l ? 0.5 : 0;
      }
    }
    assertThat(FeatureAuroc.of(lower, upper).area()).isEqualTo(won / (40 * 70), within(1e-12));
  }

  @Test
  void isOneHalfForEqualGroups() {
    FeatureAuroc auroc = FeatureAuroc.of(new double[] {0, 1, 1}, new double[] {1, 0, 1});
    assertThat(auroc.area()).isEqualTo(0.5);
    assertThat(auroc.low()).isLessThan(0.5);
    assertThat(auroc.high()).isGreaterThan(0.5);
  }

  /** Hanley and McNeil's example: an area of 0.893 with a standard error of 0.032. */
  @Test
  void matchesThePublishedStandardError() {
    int[] normal = {33, 6, 6, 11, 2};
    int[] abnormal = {3, 2, 2, 11, 33};
    FeatureAuroc auroc = FeatureAuroc.of(ratings(normal), ratings(abnormal));
    assertThat(auroc.area()).isEqualTo(0.893, within(0.0005));
    assertThat((auroc.high() - auroc.low()) / (2 * 1.96)).isEqualTo(0.032, within(0.002));
  }

  @Test
  void hasAnIntervalForSeparableGroups() {
    FeatureAuroc few = FeatureAuroc.of(new double[] {0, 0, 0}, new double[] {1, 1, 1, 1});
    FeatureAuroc many =
        FeatureAuroc.of(new double[300], DoubleStream.generate(() -> 1).limit(400).toArray());
    assertThat(few.area()).isEqualTo(1);
    assertThat(few.high()).isEqualTo(1);
    assertThat(few.low()).isBetween(0.4, 0.8);
    assertThat(many.low()).isBetween(0.98, 0.9999);
  }

  @Test
  void invertsTheIntervalForSwappedGroups() {
    double[] a = {1, 2, 3, 4, 5};
    double[] b = {3, 4, 5, 6, 7, 8, 9, 9};
    FeatureAuroc swapped = FeatureAuroc.of(b, a).inverted();
    assertThat(swapped.area()).isEqualTo(FeatureAuroc.of(a, b).area(), within(1e-12));
    assertThat(swapped.low()).isEqualTo(FeatureAuroc.of(a, b).low(), within(1e-9));
    assertThat(swapped.high()).isEqualTo(FeatureAuroc.of(a, b).high(), within(1e-9));
  }

  /** Two normal groups a standard deviation and a half apart: the area is 0.8556. */
  @Test
  void coversTheTrueAreaInNinetyFivePercent() {
    Random random = new Random(1);
    int held = 0;
    for (int i = 0; i < 2000; i++) {
      double[] a = DoubleStream.generate(random::nextGaussian).limit(30).toArray();
      double[] b = DoubleStream.generate(() -> random.nextGaussian() + 1.5).limit(20).toArray();
      FeatureAuroc auroc = FeatureAuroc.of(a, b);
      held += auroc.low() <= 0.8556 && 0.8556 <= auroc.high() ? 1 : 0;
    }
    assertThat(held / 2000.0).isBetween(0.93, 0.975);
  }

  private static double[] ratings(int[] counts) {
    return DoubleStream.iterate(0, rating -> rating < counts.length, rating -> rating + 1)
        .flatMap(rating -> DoubleStream.generate(() -> rating).limit(counts[(int) rating]))
        .toArray();
  }
}
