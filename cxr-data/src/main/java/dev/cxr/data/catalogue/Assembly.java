package dev.cxr.data.catalogue;

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
final class Assembly {

  /** Kaggle's {@code val} holds 16 pictures: too few to choose anything by. */
  private static final int ENOUGH_TO_VALIDATE = 100;

  private final List<Xray> xrays = new ArrayList<>();
  private final List<String> strays = new ArrayList<>();
  private final List<String> notices = new ArrayList<>();
  private int withoutPatient;

  /**
   * Adds an X-ray.
   *
   * @param patient its patient group; without one it is a patient of its own
   */
  void add(String id, PixelSource source, Finding finding, Optional<String> patient, Split split) {
    if (patient.isEmpty()) {
      withoutPatient++;
    }
    xrays.add(new Xray(id, source, finding, patient.orElse(id), split));
  }

  /** Something that is no picture with a finding, and is left alone. */
  void ignore(String name) {
    strays.add(name);
  }

  void note(String notice) {
    notices.add(notice);
  }

  boolean isEmpty() {
    return xrays.isEmpty();
  }

  /**
   * The collection.
   *
   * @param path what it was read from
   * @param patients how it tells whose picture one is
   * @throws UserErrorException if the rule asks for a validation split that is not there, or two
   *     names read alike
   */
  Catalogue catalogue(Path path, PatientSource patients, ValidationRule rule) {
    List<Xray> train = in(Split.TRAIN);
    List<Xray> own = in(Split.VALIDATION);
    List<Xray> all = new ArrayList<>(in(Split.TEST));
    String splitRule;
    boolean enough = own.size() >= ENOUGH_TO_VALIDATE;
    if (rule.source() == ValidationRule.Source.FOLDER
        || (enough && rule.equals(ValidationRule.DEFAULT))) {
      if (own.isEmpty()) {
        throw UserErrorException.ofUsage(
            "a validation split in %s, as the validation source 'folder' asks".formatted(path),
            "none",
            "Use the source 'groups', which draws patients from train.");
      }
      splitRule = "the collection's own validation split";
      all.addAll(withoutPatientsOf(own, train));
      all.addAll(own);
    } else {
      if (!own.isEmpty()) {
        notices.add(
            "The collection's own validation split of %s joins train%s. Patients drawn from train validate instead."
                .formatted(
                    pictures(own.size()),
                    enough ? ", as another draw is asked for" : ": too few to choose by"));
      }
      splitRule = rule.inWords();
      Stream.concat(train.stream(), own.stream())
          .map(x -> x.in(rule.validates(x.patient()) ? Split.VALIDATION : Split.TRAIN))
          .forEach(all::add);
    }
    requireNamesApart(all);
    all.sort(Comparator.comparing(Xray::split).thenComparing(Xray::id));
    noteWhatIsOdd();
    Path name = path.toAbsolutePath().normalize().getFileName();
    return new Catalogue(
        name == null ? path.toString() : name.toString(), false, splitRule, patients, all, notices);
  }

  /** The first few of many names. */
  static String some(List<String> names) {
    String first = names.stream().limit(3).collect(Collectors.joining(", "));
    return names.size() > 3 ? first + ", …" : first;
  }

  /** Where Java cannot read a letter of a file name, every such letter is the same to it. */
  private static void requireNamesApart(List<Xray> xrays) {
    Set<String> names = new HashSet<>();
    for (Xray xray : xrays) {
      if (!names.add(xray.id())) {
        throw UserErrorException.of(
            "pictures whose names can be told apart",
            "two that read '%s'".formatted(xray.id()),
            "Set LC_ALL=C.UTF-8, or rename them in plain letters.");
      }
    }
  }

  private List<Xray> in(Split split) {
    return xrays.stream().filter(x -> x.split() == split).toList();
  }

  /** A patient with pictures in both stays in validation only. */
  private List<Xray> withoutPatientsOf(List<Xray> validation, List<Xray> train) {
    Set<String> patients = validation.stream().map(Xray::patient).collect(Collectors.toSet());
    List<Xray> kept = train.stream().filter(x -> !patients.contains(x.patient())).toList();
    if (kept.size() < train.size()) {
      notices.add(
          "Left out of training: %s whose patients stand in the collection's validation split too."
              .formatted(pictures(train.size() - kept.size())));
    }
    return kept;
  }

  private void noteWhatIsOdd() {
    if (!strays.isEmpty()) {
      notices.add(
          "Ignored, being no picture with a finding: %s (%s)."
              .formatted(
                  strays.size() == 1 ? "1 entry" : strays.size() + " entries", some(strays)));
    }
    if (withoutPatient > 0) {
      notices.add(
          withoutPatient == 1
              ? "1 picture tells no patient: it counts as a patient of its own."
              : "%d pictures tell no patient: each counts as a patient of its own."
                  .formatted(withoutPatient));
    }
  }

  private static String pictures(int count) {
    return count == 1 ? "1 picture" : count + " pictures";
  }
}
