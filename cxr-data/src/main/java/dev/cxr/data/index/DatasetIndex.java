package dev.cxr.data.index;

import java.util.List;
import java.util.stream.Stream;

/**
 * The X-rays of a dataset, each with its finding, patient group and split.
 *
 * @param name of the dataset, for reports: {@code synthetic} or the name of its folder or file
 * @param synthetic whether the images are generated; results then say nothing about medicine
 * @param splitRule how the validation split was selected, for people
 * @param patientIdSource where the patient groups come from
 * @param classNames the classes of the dataset
 * @param xrays sorted by split, then id
 * @param notices remarks on how the dataset was read, one sentence each
 * @param leftOut what was found beside the images; the notices summarize it
 * @since 0.1
 */
public record DatasetIndex(
    String name,
    boolean synthetic,
    String splitRule,
    PatientIdSource patientIdSource,
    ClassNames classNames,
    List<Xray> xrays,
    List<String> notices,
    List<LeftOut> leftOut) {

  /** The name of the built-in sample, given in place of a path. */
  public static final String SYNTHETIC = "synthetic";

  /** Shown with every result on the synthetic sample. */
  public static final String SYNTHETIC_NOTICE =
      "This is the built-in synthetic sample: it shows that the software works, nothing about"
          + " medicine.";

  /**
   * Copies the lists.
   *
   * @param name as for the record
   * @param synthetic as for the record
   * @param splitRule as for the record
   * @param patientIdSource as for the record
   * @param classNames as for the record
   * @param xrays as for the record
   * @param notices as for the record
   * @param leftOut as for the record
   */
  public DatasetIndex {
    xrays = List.copyOf(xrays);
    notices = List.copyOf(notices);
    leftOut = List.copyOf(leftOut);
  }

  /**
   * {@return the X-rays of one split, in order}
   *
   * @param split which one
   */
  public List<Xray> inSplit(Split split) {
    return xrays.stream().filter(x -> x.split() == split).toList();
  }

  /** The same index, marked as synthetic. */
  DatasetIndex asSynthetic() {
    return new DatasetIndex(
        name, true, splitRule, patientIdSource, classNames, xrays, notices, leftOut);
  }

  /**
   * Replaces the X-rays.
   *
   * @param newXrays in order
   * @param extraNotices to add to the notices
   * @return a new index with the name and rule of this one
   */
  public DatasetIndex withXrays(List<Xray> newXrays, List<String> extraNotices) {
    return new DatasetIndex(
        name,
        synthetic,
        splitRule,
        patientIdSource,
        classNames,
        newXrays,
        Stream.concat(notices.stream(), extraNotices.stream()).toList(),
        leftOut);
  }
}
