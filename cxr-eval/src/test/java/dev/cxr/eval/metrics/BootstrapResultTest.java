package dev.cxr.eval.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Objects;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Efron's formula on resamples 0.01, 0.02 … 1 of a metric of 0.605, computed with SciPy. */
class BootstrapResultTest {

  private static Interval interval(double... leftOut) {
    BootstrapResult<Double> resampled =
        new BootstrapResult<>(
            0.605,
            IntStream.rangeClosed(1, 100).mapToObj(i -> i / 100.0).toList(),
            DoubleStream.of(leftOut).boxed().toList());
    Estimate.Defined estimate =
        (Estimate.Defined) resampled.estimate(value -> new Estimate.Defined(value, 5));
    return Objects.requireNonNull(Objects.requireNonNull(estimate.byPatient()).interval());
  }

  private static void assertInterval(Interval found, List<Double> expected) {
    assertThat(found.low()).isCloseTo(expected.get(0), within(1e-9));
    assertThat(found.high()).isCloseTo(expected.get(1), within(1e-9));
  }

  @Test
  void biasShiftsTheInterval() {
    assertInterval(interval(1, 2, 3), List.of(0.0823436881208741, 0.9932491665759917));
  }

  @Test
  void skewnessStretchesTheInterval() {
    assertInterval(interval(0, 0, 0, 0, 1), List.of(0.041431756085747236, 0.9789128335816767));
  }
}
