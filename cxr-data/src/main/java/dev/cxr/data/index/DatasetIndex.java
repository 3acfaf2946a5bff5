package dev.cxr.data.index;

import java.util.List;
import java.util.stream.Stream;

/**
 * A collection of X-rays, each with its finding, patient group and split.
 *
 * @param name what the collection is, for reports: {@code synthetic} or the folder's name
 * @param synthetic whether the images are drawn: results then say nothing about medicine
 * @param splitRule how validation was chosen, in words
 * @param patientIdSource how it tells whose image one is
 * @param xrays in a fixed order: by split, then id
 * @param notices what a reader should know of how the collection was read, as sentences
 */
public record DatasetIndex(
    String name,
    boolean synthetic,
    String splitRule,
    PatientIdSource patientIdSource,
    List<Xray> xrays,
    List<String> notices) {

  /** The word that names the built-in sample where a folder could stand. */
  public static final String SYNTHETIC = "synthetic";

  /** What is said of the synthetic sample wherever it is shown. */
  public static final String SYNTHETIC_NOTICE =
      "This is the built-in synthetic sample: it shows that the software works, nothing about"
          + " medicine.";

  /** Keeps what it was given as it is. */
  public DatasetIndex {
    xrays = List.copyOf(xrays);
    notices = List.copyOf(notices);
  }

  /** The X-rays of one split, in order. */
  public List<Xray> inSplit(Split split) {
    return xrays.stream().filter(x -> x.split() == split).toList();
  }

  /** The same, of drawn images. */
  DatasetIndex asSynthetic() {
    return new DatasetIndex(name, true, splitRule, patientIdSource, xrays, notices);
  }

  /** Those X-rays only that are in {@code kept}, with further notices. */
  public DatasetIndex withXrays(List<Xray> newXrays, List<String> extraNotices) {
    return new DatasetIndex(
        name,
        synthetic,
        splitRule,
        patientIdSource,
        newXrays,
        Stream.concat(notices.stream(), extraNotices.stream()).toList());
  }
}
