package dev.cxr.data.index;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.files.Sha256;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Divides a dataset without a test split into training, validation and test, by patient.
 *
 * <p>Stratified: each split has its share of the patients of each combination of findings, at least
 * one if there are three or more. Which patients these are follows from a hash of their id and the
 * seed.
 *
 * @param testFraction share of the patients for test, 0 to 0.9
 * @param validationFraction share of the patients for validation, 0 to 0.9; 0 leaves the choice to
 *     the validation rule of the recipe
 * @param seed selects other patients
 * @since 0.3
 */
public record DatasetSplitter(double testFraction, double validationFraction, long seed) {

  /**
   * Checks the fractions.
   *
   * @param testFraction as for the record
   * @param validationFraction as for the record
   * @param seed as for the record
   * @throws IllegalArgumentException if one is out of range, or nothing is left for training
   */
  public DatasetSplitter {
    if (!(testFraction >= 0
        && validationFraction >= 0
        && testFraction + validationFraction > 0
        && testFraction + validationFraction <= 0.9)) {
      throw new IllegalArgumentException(
          "expected fractions of 0 or more with a sum above 0 and at most 0.9, found %s for test"
                  .formatted(testFraction)
              + " and %s for validation".formatted(validationFraction));
    }
  }

  /**
   * Divides a dataset.
   *
   * @param dataset without a test split; how it divides training and validation has no influence
   * @return its images in their new splits, sorted as those of any index
   * @throws UserErrorException if it has a test split
   */
  public List<Xray> split(DatasetIndex dataset) {
    if (!dataset.inSplit(Split.TEST).isEmpty()) {
      throw UserErrorException.of(
          "a dataset without a test split",
          "%d test images in %s".formatted(dataset.inSplit(Split.TEST).size(), dataset.name()),
          "Use it as it is, or remove its splits.");
    }
    Map<String, Split> splitByPatient = new HashMap<>();
    for (List<String> patients : strata(dataset)) {
      int count = patients.size();
      int test = share(testFraction, count);
      int validation = Math.min(share(validationFraction, count), count - test);
      for (int i = 0; i < count; i++) {
        splitByPatient.put(
            patients.get(i),
            i < test ? Split.TEST : i < test + validation ? Split.VALIDATION : Split.TRAIN);
      }
    }
    return dataset.xrays().stream()
        .map(x -> x.withSplit(splitByPatient.getOrDefault(x.patient(), Split.TRAIN)))
        .sorted(Comparator.comparing(Xray::split).thenComparing(Xray::id))
        .toList();
  }

  /** The patients of each combination of findings, in the order of their hash. */
  private List<List<String>> strata(DatasetIndex dataset) {
    Map<String, TreeSet<Finding>> findings = new HashMap<>();
    dataset
        .xrays()
        .forEach(x -> findings.computeIfAbsent(x.patient(), p -> new TreeSet<>()).add(x.finding()));
    return List.copyOf(
        findings.keySet().stream()
            .sorted(
                Comparator.<String, String>comparing(patient -> Sha256.hex(seed + ":" + patient)))
            .collect(
                Collectors.groupingBy(
                    patient -> String.valueOf(findings.get(patient)),
                    TreeMap::new,
                    Collectors.toList()))
            .values());
  }

  private static int share(double fraction, int count) {
    int rounded = (int) Math.round(fraction * count);
    return fraction > 0 && rounded == 0 && count >= 3 ? 1 : rounded;
  }
}
