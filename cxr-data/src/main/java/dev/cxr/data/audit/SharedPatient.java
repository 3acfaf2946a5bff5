package dev.cxr.data.audit;

import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.Finding;
import dev.cxr.data.index.PatientIdSource;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.Xray;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A patient key that occurs in more than one split.
 *
 * @param patient the key
 * @param samePerson whether the key is one person in all of them, which is data leakage
 * @param occurrences its occurrences, by split, then by finding
 */
public record SharedPatient(String patient, boolean samePerson, List<Occurrence> occurrences) {

  /**
   * The images of the patient with one finding in one split.
   *
   * @param split the split
   * @param finding the finding
   * @param images the number of images
   */
  public record Occurrence(Split split, Finding finding, long images) {}

  /**
   * Finds the shared keys of a dataset, sorted by key.
   *
   * <p>A key in train and validation is one person, and so is a key in any two splits of a dataset
   * with stated patient ids. Where the key comes from the file name, the test split may have a
   * numbering of its own: there a shared key is one person only if the findings agree too.
   * Pneumonia without a stated cause agrees with bacterial and viral pneumonia.
   */
  static List<SharedPatient> findIn(DatasetIndex dataset) {
    Map<String, Map<Split, Map<Finding, Long>>> counts = new TreeMap<>();
    for (Xray xray : dataset.xrays()) {
      counts
          .computeIfAbsent(xray.patient(), p -> new EnumMap<>(Split.class))
          .computeIfAbsent(xray.split(), s -> new TreeMap<>())
          .merge(xray.finding(), 1L, Long::sum);
    }
    List<SharedPatient> shared = new ArrayList<>();
    counts.forEach(
        (patient, splits) -> {
          if (splits.size() > 1) {
            boolean same =
                dataset.patientIdSource() == PatientIdSource.METADATA || isSamePerson(splits);
            shared.add(new SharedPatient(patient, same, occurrences(splits)));
          }
        });
    return shared;
  }

  private static boolean isSamePerson(Map<Split, Map<Finding, Long>> splits) {
    Map<Finding, Long> tested = splits.get(Split.TEST);
    return tested == null
        || splits.size() > 2 // train and validation share their numbering
        || splits.entrySet().stream()
            .filter(split -> split.getKey() != Split.TEST)
            .flatMap(split -> split.getValue().keySet().stream())
            .anyMatch(trained -> tested.keySet().stream().anyMatch(trained::isCompatibleWith));
  }

  private static List<Occurrence> occurrences(Map<Split, Map<Finding, Long>> splits) {
    List<Occurrence> places = new ArrayList<>();
    splits.forEach(
        (split, findings) ->
            findings.forEach(
                (finding, images) -> places.add(new Occurrence(split, finding, images))));
    return places;
  }
}
