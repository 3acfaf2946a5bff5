package dev.cxr.data.index;

/**
 * One radiograph of a dataset.
 *
 * @param id unique within the dataset, such as {@code train/NORMAL/IM-0115-0001.jpeg}
 * @param source of its pixels
 * @param finding that it shows
 * @param patient the patient group; no group is in both training and validation. Datasets can reuse
 *     ids for other patients in their test split, see {@link PatientIdSource}
 * @param split that it belongs to
 * @since 0.1
 */
public record Xray(String id, ImageSource source, Finding finding, String patient, Split split) {

  Xray withPatient(String otherPatient) {
    return new Xray(id, source, finding, otherPatient, split);
  }

  Xray withSplit(Split other) {
    return new Xray(id, source, finding, patient, other);
  }
}
