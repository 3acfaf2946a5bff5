package dev.cxr.data.index;

/** How a collection tells whose image one is, and so what an equal key means. */
public enum PatientIdSource {
  /**
   * By file names. Kermany's collection numbers its test patients anew: a number that stands in
   * training and test with different findings is no sign of the same person.
   */
  FILE_NAMES,
  /** By a column or a header field: an equal key is the same person, in whatever split. */
  METADATA
}
