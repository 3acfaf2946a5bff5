package dev.cxr.data.index;

/** Where the patient ids of a dataset come from, which determines what equal ids mean. */
public enum PatientIdSource {
  /**
   * File names. The dataset of Kermany et al. reuses numbers for other patients in its test split:
   * equal ids in train and test with different findings need not be the same person.
   */
  FILE_NAMES,
  /** A column or a header field: equal ids are the same person, in all splits. */
  METADATA
}
