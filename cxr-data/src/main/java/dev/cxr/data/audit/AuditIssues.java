package dev.cxr.data.audit;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toList;

import dev.cxr.common.cli.FirstFew;
import dev.cxr.data.audit.AuditIssue.IssueKind;
import dev.cxr.data.audit.Shortcut.Separation;
import dev.cxr.data.index.ClassNames;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.Task;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Derives the issues from the results of the checks. */
final class AuditIssues {

  private final List<AuditIssue> all = new ArrayList<>();

  private AuditIssues() {}

  /** The issues by severity. */
  static List<AuditIssue> of(
      List<ImageProperties> images,
      List<UnreadableImage> unreadable,
      List<SharedPatient> shared,
      List<DuplicateGroup> duplicates,
      NearDuplicates nearDuplicates,
      List<Shortcut> shortcuts,
      List<SplitCount> counts,
      DatasetIndex dataset) {
    AuditIssues issues = new AuditIssues();
    issues.add(
        IssueKind.UNREADABLE,
        unreadable.size(),
        "file cannot|files cannot",
        "be decoded. Training would stop at the first: repair or remove them.");
    issues.grayRanges(images);
    issues.notes(images);
    issues.sharedPatients(shared);
    issues.duplicates(duplicates);
    issues.nearDuplicates(nearDuplicates);
    issues.shortcuts(shortcuts);
    issues.counts(counts, dataset.classNames());
    dataset.notices().forEach(notice -> issues.add(IssueKind.DATASET_NOTICE, notice));
    return issues.all.stream().sorted(Comparator.comparing(AuditIssue::kind)).toList();
  }

  private void grayRanges(List<ImageProperties> images) {
    addImages(
        IssueKind.CONSTANT_IMAGE,
        filter(images, i -> i.range() == GrayRange.CONSTANT),
        "image has|images have",
        "the same gray value in all pixels (%s). A model can learn nothing from them: leave them out.");
    addImages(
        IssueKind.NEARLY_BLACK_IMAGE,
        filter(images, i -> i.range() == GrayRange.NEARLY_BLACK),
        "image is|images are",
        "nearly black (%s): less than 10 %% of the gray range is used. DICOM files of 12-bit values without a window become so: export them with a window.");
    addImages(
        IssueKind.SMALL_GRAY_RANGE,
        filter(images, i -> i.range() == GrayRange.SMALL),
        "image uses|images use",
        "less than 10 %% of the gray range (%s). A model sees little contrast in them: check how they were exported.");
  }

  /** One issue for each kind of note. */
  private void notes(List<ImageProperties> images) {
    Map<String, List<ImageProperties>> byNote = new TreeMap<>();
    for (ImageProperties image : images) {
      image
          .notes()
          .forEach(note -> byNote.computeIfAbsent(note, n -> new ArrayList<>()).add(image));
    }
    byNote.forEach(
        (note, found) ->
            addImages(
                IssueKind.NONSTANDARD_FILE,
                found,
                "file was|files were",
                "read although not standard (%s). " + note));
  }

  /** Adds a counted issue; {@code text} has a place for the first names. */
  private void addImages(
      IssueKind kind, List<ImageProperties> images, String subject, String text) {
    add(
        kind,
        images.size(),
        subject,
        text.formatted(FirstFew.of(images.stream().map(image -> image.xray().id()).toList())));
  }

  private void sharedPatients(List<SharedPatient> shared) {
    List<String> leaks =
        shared.stream().filter(SharedPatient::samePerson).map(SharedPatient::patient).toList();
    add(
        IssueKind.PATIENT_IN_SEVERAL_SPLITS,
        leaks.size(),
        "patient is|patients are",
        "in more than one split (%s). The model would be evaluated on patients it was trained on: move all images of a patient to one split."
            .formatted(FirstFew.of(leaks)));
    add(
        IssueKind.PATIENT_NUMBER_REUSED,
        shared.size() - leaks.size(),
        "patient number occurs|patient numbers occur",
        "in training and test with another finding. Kermany's dataset numbers its test patients separately, so these count as different patients; the dataset has no proof of it.");
  }

  private void duplicates(List<DuplicateGroup> duplicates) {
    add(
        IssueKind.TRAIN_TEST_DUPLICATE,
        filter(duplicates, d -> d.splitOverlap() == SplitOverlap.TRAINING_AND_TEST).size(),
        "image is|images are",
        "in training and test. The model would be tested on images it was trained on: remove them from one split.");
    add(
        IssueKind.LABEL_CONFLICT,
        filter(duplicates, DuplicateGroup::isConflict).size(),
        "image occurs|images occur",
        "more than once with different findings. At most one label is right: correct or remove the others.");
    List<DuplicateGroup> inTest =
        filter(duplicates, d -> d.images().stream().allMatch(i -> i.split() == Split.TEST));
    add(
        IssueKind.DUPLICATE_IN_TEST,
        inTest.size(),
        "image occurs more than once within test and is|images occur more than once within test and are",
        "counted each time (%s).".formatted(surplus(inTest)));
    List<DuplicateGroup> inTraining =
        filter(
            duplicates,
            d -> !d.isConflict() && d.images().stream().noneMatch(i -> i.split() == Split.TEST));
    add(
        IssueKind.DUPLICATE_IN_TRAINING,
        inTraining.size(),
        "image occurs|images occur",
        "more than once within train and validation (%s). Training keeps the first of each."
            .formatted(surplus(inTraining)));
    add(
        IssueKind.CAUSE_UNSPECIFIED,
        filter(duplicates, d -> d.labelAgreement() == LabelAgreement.CAUSE_UNSPECIFIED).size(),
        "image occurs|images occur",
        "as pneumonia both with and without a stated cause.");
  }

  private void nearDuplicates(NearDuplicates nearDuplicates) {
    addPairs(
        IssueKind.TRAIN_TEST_NEAR_DUPLICATE,
        nearDuplicates.trainingAndTest(),
        ", one image in training and one in test. If both are the same X-ray, remove one.");
    addPairs(
        IssueKind.TRAIN_VALIDATION_NEAR_DUPLICATE,
        nearDuplicates.trainAndValidation(),
        ", one image in train and one in validation, where epoch and threshold are chosen.");
    addPairs(
        IssueKind.NEAR_DUPLICATE_LABEL_CONFLICT,
        nearDuplicates.labelConflicts(),
        ", with different findings.");
    addPairs(IssueKind.NEAR_DUPLICATE_IN_SPLIT, nearDuplicates.sameSplit(), " within one split.");
  }

  /** One issue for each feature, over both partitions. */
  private void shortcuts(List<Shortcut> shortcuts) {
    shortcuts.stream()
        .filter(s -> s.outcome() instanceof Separation separation && separation.isWarning())
        .collect(
            groupingBy(s -> s.classPair().name() + "/" + s.feature(), LinkedHashMap::new, toList()))
        .values()
        .forEach(this::shortcut);
  }

  private void shortcut(List<Shortcut> occurrences) {
    Shortcut any = occurrences.get(0);
    String aurocs =
        occurrences.stream()
            .map(
                s ->
                    String.format(
                        Locale.ROOT,
                        "%.3f in %s",
                        ((Separation) s.outcome()).auroc().area(),
                        s.partition()))
            .collect(joining(", "));
    add(
        IssueKind.SHORTCUT,
        "%s alone separates %s from %s: AUROC %s. %s"
            .formatted(
                any.feature().title(),
                any.classPair().first(),
                any.classPair().second(),
                aurocs,
                any.feature().isVisibleToModel()
                    ? "It is in the pixels: a model may rely on it instead of on the lungs."
                    : "A model that received it could cheat; here models receive only pixels."));
  }

  private void counts(List<SplitCount> counts, ClassNames classNames) {
    Task task = classNames.task(Task.BINARY, Optional.empty());
    for (SplitCount count : counts) {
      List<String> missing = new ArrayList<>(task.classes());
      count.findings().stream()
          .filter(f -> f.images() > 0 && task.includes(f.finding()))
          .forEach(f -> missing.remove(task.classes().get(task.label(f.finding()))));
      if (!missing.isEmpty()) {
        String classes = count.images() == 0 ? "" : " of " + String.join(" or ", missing);
        add(
            IssueKind.CLASS_MISSING,
            "There is no image%s in %s.".formatted(classes, count.split()));
      }
    }
  }

  private void addPairs(IssueKind kind, long count, String text) {
    add(kind, count, "pair of images is|pairs of images are", "nearly identical" + text);
  }

  /** Adds a counted issue; the subject is its singular and plural. */
  private void add(IssueKind kind, long count, String subject, String text) {
    if (count > 0) {
      String[] forms = subject.split("\\|", -1);
      add(kind, count + " " + forms[count == 1 ? 0 : 1] + " " + text);
    }
  }

  private void add(IssueKind kind, String text) {
    all.add(new AuditIssue(kind.severity, kind, text));
  }

  private static <T> List<T> filter(List<T> all, Predicate<T> condition) {
    return all.stream().filter(condition).toList();
  }

  private static String surplus(List<DuplicateGroup> groups) {
    return AuditMessages.counted(
        groups.stream().mapToInt(DuplicateGroup::surplus).sum(), "surplus file");
  }
}
