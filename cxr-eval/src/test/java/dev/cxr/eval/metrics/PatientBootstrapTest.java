package dev.cxr.eval.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PatientBootstrapTest {

  private static final List<String> PATIENTS = List.of("a", "b", "a", "c", "b", "a");

  /** The share of the examples of value 1. */
  private static Function<int[], Estimate> mean(int... values) {
    return weights -> {
      long n = Arrays.stream(weights).asLongStream().sum();
      long sum =
          IntStream.range(0, weights.length).mapToLong(i -> (long) weights[i] * values[i]).sum();
      return Estimate.proportion(sum, n, "none");
    };
  }

  private static PatientInterval byPatient(Estimate estimate) {
    return Objects.requireNonNull(((Estimate.Defined) estimate).byPatient());
  }

  private static Interval interval(Estimate estimate) {
    return Objects.requireNonNull(byPatient(estimate).interval());
  }

  private static Estimate of(List<String> patients, int seed, int... values) {
    return PatientBootstrap.of(patients, seed)
        .resample(mean(values))
        .estimate(estimate -> estimate);
  }

  @Test
  void resamplesWholePatients() {
    Queue<int[]> draws = new ConcurrentLinkedQueue<>();
    PatientBootstrap.of(PATIENTS, 3, 100).resample(weights -> draws.add(weights));
    assertThat(draws).hasSize(1 + 100 + 3); // all, resamples, each patient left out
    assertThat(draws)
        .allSatisfy(
            weights -> {
              assertThat(weights[2]).isEqualTo(weights[0]).isEqualTo(weights[5]);
              assertThat(weights[4]).isEqualTo(weights[1]);
            });
    assertThat(draws.stream().filter(t -> t[0] + t[1] + t[3] == 3).count()).isEqualTo(101);
    assertThat(draws.stream().filter(t -> t[0] + t[1] + t[3] == 2).count()).isEqualTo(3);
  }

  @Test
  void sameSeedGivesSameIntervals() {
    int[] values = IntStream.range(0, 60).map(i -> i * 7 % 5 == 0 ? 0 : 1).toArray();
    List<String> patients = IntStream.range(0, 60).mapToObj(i -> "p" + i / 2).toList();
    assertThat(of(patients, 5, values)).isEqualTo(of(patients, 5, values));
    assertThat(of(patients, 5, values)).isNotEqualTo(of(patients, 6, values));
    // Pinned: these must not depend on machine, threads or Java version.
    assertThat(interval(of(patients, 5, values)))
        .isEqualTo(new Interval(0.7166666666666667, 0.8833333333333333));
  }

  @Test
  void independentImagesGiveAboutTheWilsonInterval() {
    int[] values = IntStream.range(0, 300).map(i -> i % 5 == 0 ? 0 : 1).toArray();
    List<String> patients = IntStream.range(0, 300).mapToObj(i -> "p" + i).toList();
    Interval wilson = Interval.wilson(240, 300);
    Interval found = interval(of(patients, 1, values));
    assertThat(found.low()).isCloseTo(wilson.low(), within(0.008));
    assertThat(found.high()).isCloseTo(wilson.high(), within(0.008));
  }

  @Test
  void fourEqualImagesPerPatientDoubleTheIntervalWidth() {
    int[] values = IntStream.range(0, 400).map(i -> i / 4 % 2).toArray();
    List<String> patients = IntStream.range(0, 400).mapToObj(i -> "p" + i / 4).toList();
    Interval found = interval(of(patients, 1, values));
    double normal = 2 * 1.959964 * Math.sqrt(0.25 / 100);
    assertThat(found.high() - found.low()).isCloseTo(normal, within(0.02));
    Interval asIfIndependent =
        Objects.requireNonNull(((Estimate.Defined) of(patients, 1, values)).interval());
    assertThat(found.high() - found.low())
        .isGreaterThan(1.8 * (asIfIndependent.high() - asIfIndependent.low()));
  }

  @Test
  void onePatientHasNoPatientInterval() {
    Estimate.Defined one = (Estimate.Defined) of(Collections.nCopies(5, "only"), 1, 1, 0, 1, 1, 0);
    assertThat(one.byPatient()).isNull();
    assertThat(one.interval()).isEqualTo(Interval.wilson(3, 5));
  }

  @Test
  void undefinedResamplesAreCountedAndTooManyLeaveNoInterval() {
    // Undefined unless patient "a" is drawn: in (2/3)^3 = 8 in 27 resamples it is not.
    Function<int[], Estimate> needsA =
        weights -> Estimate.proportion(weights[1] > 0 ? 1 : 0, weights[0] > 0 ? 1 : 0, "no a");
    PatientInterval often =
        byPatient(PatientBootstrap.of(PATIENTS, 1).resample(needsA).estimate(e -> e));
    assertThat(often.resamples()).isEqualTo(2000);
    assertThat(often.undefined()).isBetween(500, 680);
    assertThat(often.interval()).isNotNull();
    // Needs all three: 6 of 27 resamples have it.
    Function<int[], Estimate> needsAll =
        weights ->
            Estimate.proportion(
                1, Math.min(weights[0], Math.min(weights[1], weights[3])), "not all");
    assertThat(
            byPatient(PatientBootstrap.of(PATIENTS, 1).resample(needsAll).estimate(e -> e))
                .interval())
        .isNull();
  }

  @Test
  void constantMetricHasNoPatientInterval() {
    assertThat(byPatient(of(PATIENTS, 1, 1, 1, 1, 1, 1, 1)).interval()).isNull();
  }

  @Test
  void skewedMetricHasAsymmetricInterval() {
    int[] values = IntStream.range(0, 100).map(i -> i < 97 ? 1 : 0).toArray();
    List<String> patients = IntStream.range(0, 100).mapToObj(i -> "p" + i).toList();
    Interval found = interval(of(patients, 2, values));
    // Plain percentiles give 0.93 to 1; the exact interval is 0.915 to 0.994.
    assertThat(found.low()).isBetween(0.90, 0.93);
    assertThat(found.high()).isBetween(0.98, 0.995);
  }

  @Test
  void rejectsTooFewResamples() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PatientBootstrap.of(PATIENTS, 1, 99))
        .withMessageContaining("found 99");
  }
}
