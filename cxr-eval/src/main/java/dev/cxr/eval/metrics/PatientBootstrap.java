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
  private static final int MOST_LEFT_OUT = 500;

  private final int[] patient; // of each example
  private final int patients;
  private final long seed;
  private final int resamples;

  private PatientBootstrap(int[] patient, int patients, long seed, int resamples) {
    this.patient = patient;
    this.patients = patients;
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
  public <T> Resampled<T> resample(Function<int[], T> summary) {
    int[] once = new int[patient.length];
    Arrays.fill(once, 1);
    T point = summary.apply(once);
    if (patients < 2) {
      return Resampled.none(point);
    }
    return new Resampled<>(
        point,
        IntStream.range(0, resamples).parallel().mapToObj(r -> summary.apply(draw(r))).toList(),
        IntStream.range(0, groups()).parallel().mapToObj(g -> summary.apply(without(g))).toList());
  }

  private int[] draw(int resample) {
    SplittableRandom random = new SplittableRandom(SeedDerivation.derive(seed, resample));
    int[] drawn = new int[patients];
    for (int i = 0; i < patients; i++) {
      drawn[random.nextInt(patients)]++;
    }
    int[] times = new int[patient.length];
    for (int example = 0; example < times.length; example++) {
      times[example] = drawn[patient[example]];
    }
    return times;
  }

  private int groups() {
    return Math.min(patients, MOST_LEFT_OUT);
  }

  private int[] without(int group) {
    int groups = groups();
    int[] times = new int[patient.length];
    for (int example = 0; example < times.length; example++) {
      times[example] = patient[example] % groups == group ? 0 : 1;
    }
    return times;
  }
}
