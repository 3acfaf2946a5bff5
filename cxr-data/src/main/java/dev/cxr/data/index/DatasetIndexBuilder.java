package dev.cxr.data.index;

import dev.cxr.common.cli.UsageErrorException;
import dev.cxr.common.cli.UserErrorException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Builds an index from what a reader finds; assigns validation images by the same rule for all. */
final class DatasetIndexBuilder {

  /**
   * Kaggle's {@code val} has 16 images beside 5216: too few to choose an epoch or a threshold. A
   * validation split is used if it has so many images, or this share of those that are not for
   * test.
   */
  private static final int MIN_VALIDATION_IMAGES = 100;

  private static final double MIN_VALIDATION_SHARE = 0.05;

  /** So many images of one patient are too many to be true if they are the whole dataset. */
  private static final int MIN_SUSPICIOUS_IMAGES = 10;

  /** What anonymization and spreadsheets write in place of a patient id. */
  private static final Set<String> PLACEHOLDERS =
      Set.of(
          "anon",
          "anonymous",
          "anonymised",
          "anonymized",
          "n/a",
          "na",
          "nan",
          "none",
          "null",
          "removed",
          "unknown");

  private final List<Xray> xrays = new ArrayList<>();
  private final List<String> notices = new ArrayList<>();
  private final List<LeftOut> leftOut = new ArrayList<>();
  private int unknownPatients;
  private int placeholders;

  /**
   * Adds an X-ray.
   *
   * @param patient its patient group; if empty, the image counts as a separate patient
   */
  void add(String id, ImageSource source, Finding finding, Optional<String> patient, Split split) {
    if (patient.isEmpty()) {
      unknownPatients++;
    }
    xrays.add(new Xray(id, source, finding, patient.orElse(id), split));
  }

  /** The patient of an image, for {@link #add}: empty if the id is, or counted as a placeholder. */
  Optional<String> patient(String id) {
    if (PLACEHOLDERS.contains(id.strip().toLowerCase(Locale.ROOT))) {
      placeholders++;
      return Optional.empty();
    }
    return Optional.of(id).filter(given -> !given.isEmpty());
  }

  /** Lists a file that is left out; a notice must count it. */
  void leaveOut(String name, String reason) {
    leftOut.add(new LeftOut(name, reason));
  }

  void addNotice(String notice) {
    notices.add(notice);
  }

  boolean isEmpty() {
    return xrays.isEmpty();
  }

  /**
   * Builds the index.
   *
   * @param path of the dataset
   * @param patients where patient groups come from
   * @throws UserErrorException if the rule requires a validation split that does not exist, or two
   *     images have the same id
   */
  DatasetIndex build(Path path, PatientIdSource patients, DatasetOptions options) {
    ValidationSplitRule rule = options.validation();
    separatePatientsIfAllAreOne();
    List<Xray> train = inSplit(Split.TRAIN);
    List<Xray> own = inSplit(Split.VALIDATION);
    List<Xray> all = new ArrayList<>(inSplit(Split.TEST));
    String splitRule;
    boolean enough =
        !own.isEmpty()
            && (own.size() >= MIN_VALIDATION_IMAGES
                || own.size() >= MIN_VALIDATION_SHARE * (own.size() + train.size()));
    if (rule.source() == ValidationSplitRule.ValidationSource.FOLDER
        || (enough && rule.equals(ValidationSplitRule.DEFAULT))) {
      if (own.isEmpty()) {
        throw UsageErrorException.of(
            "a validation split in %s, which the validation source 'folder' requires"
                .formatted(path),
            "none",
            "Use the source 'groups', which selects patients from train.");
      }
      splitRule = "the validation split of the dataset";
      all.addAll(excludePatientsOf(own, train));
      all.addAll(own);
    } else {
      if (!own.isEmpty()) {
        notices.add(
            "The validation split of the dataset (%s) is merged into train%s. Patients selected from train form the validation split."
                .formatted(
                    imageCount(own.size()),
                    enough ? ", because the split rule is not the default" : ": it is too small"));
      }
      splitRule = rule.description();
      all.addAll(
          SmallDatasetSplit.apply(
              Stream.concat(train.stream(), own.stream()).toList(), options, notices));
    }
    requireUniqueIds(all);
    all.sort(Comparator.comparing(Xray::split).thenComparing(Xray::id));
    addSummaryNotices();
    Path name = path.toAbsolutePath().normalize().getFileName();
    return new DatasetIndex(
        name == null ? path.toString() : name.toString(),
        false,
        splitRule,
        patients,
        options.classNames(),
        all,
        notices,
        leftOut);
  }

  /** Java replaces every letter of a file name that it cannot decode by the same character. */
  private static void requireUniqueIds(List<Xray> xrays) {
    Set<String> names = new HashSet<>();
    for (Xray xray : xrays) {
      if (!names.add(xray.id())) {
        throw UserErrorException.of(
            "images with different names",
            "two with the name '%s'".formatted(xray.id()),
            "Set LC_ALL=C.UTF-8, or use only ASCII letters in file names.");
      }
    }
  }

  private void separatePatientsIfAllAreOne() {
    if (xrays.size() >= MIN_SUSPICIOUS_IMAGES
        && xrays.stream().map(Xray::patient).distinct().count() == 1) {
      xrays.replaceAll(x -> x.withPatient(x.id()));
      notices.add(
          "All %d images have the same patient id, so each counts as a separate patient. If images of one patient come into several splits, metrics are too good: a .csv manifest with a column 'patient' keeps them together."
              .formatted(xrays.size()));
    }
  }

  private List<Xray> inSplit(Split split) {
    return xrays.stream().filter(x -> x.split() == split).toList();
  }

  /** A patient with images in both splits stays in validation only. */
  private List<Xray> excludePatientsOf(List<Xray> validation, List<Xray> train) {
    Set<String> patients = validation.stream().map(Xray::patient).collect(Collectors.toSet());
    List<Xray> kept = train.stream().filter(x -> !patients.contains(x.patient())).toList();
    if (kept.size() < train.size()) {
      notices.add(
          "Excluded from training: %s of patients who are also in the validation split of the dataset."
              .formatted(imageCount(train.size() - kept.size())));
    }
    return kept;
  }

  private void addSummaryNotices() {
    if (placeholders > 0) {
      notices.add(
          "The patient id of %s is a placeholder such as ANONYMOUS or NaN."
              .formatted(imageCount(placeholders)));
    }
    if (unknownPatients > 0) {
      notices.add(
          unknownPatients == 1
              ? "1 image has no patient id and counts as a separate patient."
              : "%d images have no patient id and count as separate patients."
                  .formatted(unknownPatients));
    }
  }

  private static String imageCount(int count) {
    return count == 1 ? "1 image" : count + " images";
  }
}
