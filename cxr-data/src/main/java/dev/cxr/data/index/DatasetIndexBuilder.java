package dev.cxr.data.index;

import dev.cxr.common.cli.UserErrorException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Gathers what a reader finds in a collection; patients and splits follow the same rules for all.
 */
final class DatasetIndexBuilder {

  /** Kaggle's {@code val} holds 16 images: too few to choose anything by. */
  private static final int MIN_VALIDATION_IMAGES = 100;

  private final List<Xray> xrays = new ArrayList<>();
  private final List<String> ignored = new ArrayList<>();
  private final List<String> notices = new ArrayList<>();
  private int unknownPatients;

  /**
   * Adds an X-ray.
   *
   * @param patient its patient group; without one it is a patient of its own
   */
  void add(String id, ImageSource source, Finding finding, Optional<String> patient, Split split) {
    if (patient.isEmpty()) {
      unknownPatients++;
    }
    xrays.add(new Xray(id, source, finding, patient.orElse(id), split));
  }

  /** Something that is no image with a finding, and is left alone. */
  void ignore(String name) {
    ignored.add(name);
  }

  void addNotice(String notice) {
    notices.add(notice);
  }

  boolean isEmpty() {
    return xrays.isEmpty();
  }

  /**
   * The collection.
   *
   * @param path what it was read from
   * @param patients how it tells whose image one is
   * @throws UserErrorException if the rule asks for a validation split that is not there, or two
   *     names read alike
   */
  DatasetIndex build(Path path, PatientIdSource patients, ValidationSplitRule rule) {
    List<Xray> train = inSplit(Split.TRAIN);
    List<Xray> own = inSplit(Split.VALIDATION);
    List<Xray> all = new ArrayList<>(inSplit(Split.TEST));
    String splitRule;
    boolean enough = own.size() >= MIN_VALIDATION_IMAGES;
    if (rule.source() == ValidationSplitRule.ValidationSource.FOLDER
        || (enough && rule.equals(ValidationSplitRule.DEFAULT))) {
      if (own.isEmpty()) {
        throw UserErrorException.ofUsage(
            "a validation split in %s, as the validation source 'folder' asks".formatted(path),
            "none",
            "Use the source 'groups', which draws patients from train.");
      }
      splitRule = "the collection's own validation split";
      all.addAll(excludePatientsOf(own, train));
      all.addAll(own);
    } else {
      if (!own.isEmpty()) {
        notices.add(
            "The collection's own validation split of %s joins train%s. Patients drawn from train validate instead."
                .formatted(
                    imageCount(own.size()),
                    enough ? ", as another draw is asked for" : ": too few to choose by"));
      }
      splitRule = rule.description();
      Stream.concat(train.stream(), own.stream())
          .map(x -> x.withSplit(rule.isValidation(x.patient()) ? Split.VALIDATION : Split.TRAIN))
          .forEach(all::add);
    }
    requireUniqueIds(all);
    all.sort(Comparator.comparing(Xray::split).thenComparing(Xray::id));
    addSummaryNotices();
    Path name = path.toAbsolutePath().normalize().getFileName();
    return new DatasetIndex(
        name == null ? path.toString() : name.toString(), false, splitRule, patients, all, notices);
  }

  /** The first few of many names. */
  static String firstFew(List<String> names) {
    String first = names.stream().limit(3).collect(Collectors.joining(", "));
    return names.size() > 3 ? first + ", …" : first;
  }

  /** Where Java cannot read a letter of a file name, every such letter is the same to it. */
  private static void requireUniqueIds(List<Xray> xrays) {
    Set<String> names = new HashSet<>();
    for (Xray xray : xrays) {
      if (!names.add(xray.id())) {
        throw UserErrorException.of(
            "images whose names can be told apart",
            "two that read '%s'".formatted(xray.id()),
            "Set LC_ALL=C.UTF-8, or rename them in plain letters.");
      }
    }
  }

  private List<Xray> inSplit(Split split) {
    return xrays.stream().filter(x -> x.split() == split).toList();
  }

  /** A patient with images in both stays in validation only. */
  private List<Xray> excludePatientsOf(List<Xray> validation, List<Xray> train) {
    Set<String> patients = validation.stream().map(Xray::patient).collect(Collectors.toSet());
    List<Xray> kept = train.stream().filter(x -> !patients.contains(x.patient())).toList();
    if (kept.size() < train.size()) {
      notices.add(
          "Left out of training: %s whose patients stand in the collection's validation split too."
              .formatted(imageCount(train.size() - kept.size())));
    }
    return kept;
  }

  private void addSummaryNotices() {
    if (!ignored.isEmpty()) {
      notices.add(
          "Ignored, being no image with a finding: %s (%s)."
              .formatted(
                  ignored.size() == 1 ? "1 entry" : ignored.size() + " entries",
                  firstFew(ignored)));
    }
    if (unknownPatients > 0) {
      notices.add(
          unknownPatients == 1
              ? "1 image tells no patient: it counts as a patient of its own."
              : "%d images tell no patient: each counts as a patient of its own."
                  .formatted(unknownPatients));
    }
  }

  private static String imageCount(int count) {
    return count == 1 ? "1 image" : count + " images";
  }
}
