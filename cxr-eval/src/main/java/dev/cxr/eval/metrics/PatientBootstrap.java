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
 * Resamples patients, not images, with replacement, because images of one patient are not
 * independent (A. C. Davison and D. V. Hinkley, "Bootstrap Methods and their Application", 1997,
 * section 3.8). Each resample gives a weight to every example, and the caller computes from the
 * weights. So any metric can have an interval, also the difference of two models on the same
 * resample.
 *
 * <p>Resamples are computed in parallel. Each has its own generator, seeded by its number: a seed
 * gives the same results with any number of threads.
 */
public final class PatientBootstrap {

  /** The default number of resamples. */
  public static final int RESAMPLES = 2000;

  /** With more patients than this, groups are left out: enough to estimate the acceleration. */
  private static final int MAX_JACKKNIFE_GROUPS = 500;

  private final int[] patientIndex; // index of each example's patient
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
   * {@return a bootstrap of {@value #RESAMPLES} resamples}
   *
   * @param patients the patient group of each example, in order
   * @param seed the same seed draws the same resamples
   */
  public static PatientBootstrap of(List<String> patients, long seed) {
    return of(patients, seed, RESAMPLES);
  }

  /**
   * {@return a bootstrap of a chosen number of resamples}
   *
   * @param patients the patient group of each example, in order
   * @param seed the same seed draws the same resamples
   * @param resamples at least 100
   * @throws IllegalArgumentException if there are too few resamples
   */
  public static PatientBootstrap of(List<String> patients, long seed, int resamples) {
    if (resamples < 100) {
      throw new IllegalArgumentException(
          "expected at least 100 resamples, found %d; %d is usual".formatted(resamples, RESAMPLES));
    }
    Map<String, Integer> numbers = new HashMap<>();
    int[] patient =
        patients.stream()
            .mapToInt(name -> numbers.computeIfAbsent(name, unseen -> numbers.size()))
            .toArray();
    return new PatientBootstrap(patient, numbers.size(), seed, resamples);
  }

  /**
   * {@return a value computed from all examples, from every resample, and with each patient left
   * out in turn (of more than 500 patients, each of 500 groups)}
   *
   * @param <T> the type that holds the metrics
   * @param summary computes the value from the weight of each example; it is called from several
   *     threads and may keep the array
   */
  public <T> BootstrapResult<T> resample(Function<int[], T> summary) {
    T point = summary.apply(LabelledExamples.once(patientIndex.length));
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
    return Arrays.stream(patientIndex).map(patient -> drawn[patient]).toArray();
  }

  private int jackknifeGroups() {
    return Math.min(patientCount, MAX_JACKKNIFE_GROUPS);
  }

  private int[] leaveOut(int group) {
    int groups = jackknifeGroups();
    return Arrays.stream(patientIndex).map(patient -> patient % groups == group ? 0 : 1).toArray();
  }
}
