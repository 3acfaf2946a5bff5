package dev.cxr.eval.metrics;

import dev.cxr.data.dataset.SeedDerivation;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Draws patients, not pictures, again and again with replacement, for pictures of one child are not
 * independent (A. C. Davison and D. V. Hinkley, "Bootstrap Methods and their Application", 1997,
 * section 3.8). Each draw says how often every example counts; what is computed from that is the
 * caller's, so any figure can have an interval, differences of two models on the same draw too.
 *
 * <p>Every draw has its own generator, seeded by its number: results are the same for a seed
 * whatever the number of threads. Draws are worked on in parallel.
 */
public final class PatientBootstrap {

  /** How many resamples are drawn unless told otherwise. */
  public static final int RESAMPLES = 2000;

  /** More patients than this are left out in so many groups: enough to see which way it leans. */
  private static final int MAX_JACKKNIFE_GROUPS = 500;

  private final int[] patientIndex; // of each example
  private final int patientCount;
  private final long seed;
  private final int resamples;

  private PatientBootstrap(int[] patient, int patients, long seed, int resamples) {
    this.patientIndex = patient;
    this.patientCount = patients;
    this.seed = seed;
    this.resamples = resamples;
  }

  /**
   * {@value #RESAMPLES} resamples.
   *
   * @param patients the patient group of each example, in order
   * @param seed any; the same one draws the same resamples
   */
  public static PatientBootstrap of(List<String> patients, long seed) {
    return of(patients, seed, RESAMPLES);
  }

  /**
   * A chosen number of resamples.
   *
   * @param patients the patient group of each example, in order
   * @param seed any; the same one draws the same resamples
   * @param resamples how many to draw, at least 100
   * @throws IllegalArgumentException if there are too few resamples
   */
  public static PatientBootstrap of(List<String> patients, long seed, int resamples) {
    if (resamples < 100) {
      throw new IllegalArgumentException(
          "expected at least 100 resamples, found %d; %d is usual".formatted(resamples, RESAMPLES));
    }
    Map<String, Integer> numbers = new HashMap<>();
    int[] patient = new int[patients.size()];
    for (int i = 0; i < patient.length; i++) {
      Integer number = numbers.putIfAbsent(patients.get(i), numbers.size());
      patient[i] = number == null ? numbers.size() - 1 : number;
    }
    return new PatientBootstrap(patient, numbers.size(), seed, resamples);
  }

  /**
   * Computes something of the examples as they are, of every resample, and with each patient (of
   * many, each of 500 groups of patients) left out in turn.
   *
   * @param <T> what holds the figures
   * @param summary from how often each example counts to what holds the figures, pure and safe to
   *     call from several threads; the array is its own
   */
  public <T> BootstrapResult<T> resample(Function<int[], T> summary) {
    int[] once = new int[patientIndex.length];
    Arrays.fill(once, 1);
    T point = summary.apply(once);
    if (patientCount < 2) {
      return BootstrapResult.none(point);
    }
    return new BootstrapResult<>(
        point,
        IntStream.range(0, resamples).parallel().mapToObj(r -> summary.apply(draw(r))).toList(),
        IntStream.range(0, jackknifeGroups())
            .parallel()
            .mapToObj(g -> summary.apply(leaveOut(g)))
            .toList());
  }

  private int[] draw(int resample) {
    SplittableRandom random = new SplittableRandom(SeedDerivation.derive(seed, resample));
    int[] drawn = new int[patientCount];
    for (int i = 0; i < patientCount; i++) {
      drawn[random.nextInt(patientCount)]++;
    }
    int[] weights = new int[patientIndex.length];
    for (int example = 0; example < weights.length; example++) {
      weights[example] = drawn[patientIndex[example]];
    }
    return weights;
  }

  private int jackknifeGroups() {
    return Math.min(patientCount, MAX_JACKKNIFE_GROUPS);
  }

  private int[] leaveOut(int group) {
    int groups = jackknifeGroups();
    int[] weights = new int[patientIndex.length];
    for (int example = 0; example < weights.length; example++) {
      weights[example] = patientIndex[example] % groups == group ? 0 : 1;
    }
    return weights;
  }
}
