package dev.cxr.data.audit;

import static dev.cxr.data.audit.AuditMessages.counted;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toList;

import dev.cxr.data.audit.AuditIssue.IssueKind;
import dev.cxr.data.audit.Shortcut.Separation;
import dev.cxr.data.index.Finding;
import dev.cxr.data.index.Split;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/** Derives the issues from the results of the checks. */
final class AuditIssueCollector {

  private final List<AuditIssue> all = new ArrayList<>();

  AuditIssueCollector unreadable(List<UnreadableImage> unreadable) {
    add(
        IssueKind.UNREADABLE,
        unreadable.size(),
        "%s cannot be decoded. Training would stop at the first: repair or remove them."
            .formatted(counted(unreadable.size(), "file")));
    return this;
  }

  AuditIssueCollector sharedPatients(List<SharedPatient> shared) {
    List<SharedPatient> leaks = shared.stream().filter(SharedPatient::samePerson).toList();
    add(
        IssueKind.PATIENT_IN_SEVERAL_SPLITS,
        leaks.size(),
        "%s in more than one split (%s). The model would be evaluated on patients it was trained on: move all images of a patient to one split."
            .formatted(
                counted(leaks.size(), "patient is", "patients are"),
                abbreviate(leaks.stream().map(SharedPatient::patient).toList())));
    int reusedNumbers = shared.size() - leaks.size();
    add(
        IssueKind.PATIENT_NUMBER_REUSED,
        reusedNumbers,
        "%s in training and test with another finding. Kermany's dataset numbers its test patients separately, so these count as different patients; the dataset has no proof of it."
            .formatted(counted(reusedNumbers, "patient number occurs", "patient numbers occur")));
    return this;
  }

  AuditIssueCollector duplicates(List<DuplicateGroup> duplicates) {
    List<DuplicateGroup> acrossTest =
        filter(duplicates, d -> d.splitOverlap() == SplitOverlap.TRAINING_AND_TEST);
    add(
        IssueKind.TRAIN_TEST_DUPLICATE,
        acrossTest.size(),
        "%s in training and test. The model would be tested on images it was trained on: remove them from one split."
            .formatted(counted(acrossTest.size(), "image is", "images are")));
    List<DuplicateGroup> conflicts =
        filter(duplicates, d -> d.labelAgreement() == LabelAgreement.CONFLICT);
    add(
        IssueKind.LABEL_CONFLICT,
        conflicts.size(),
        "%s more than once with different findings. At most one label is right: correct or remove the others."
            .formatted(counted(conflicts.size(), "image occurs", "images occur")));
    List<DuplicateGroup> inTest =
        filter(
            duplicates,
            d ->
                d.splitOverlap() == SplitOverlap.SAME_SPLIT
                    && d.images().get(0).split() == Split.TEST);
    add(
        IssueKind.DUPLICATE_IN_TEST,
        inTest.size(),
        "%s more than once within test and counted each time (%s)."
            .formatted(
                counted(inTest.size(), "image occurs", "images occur"),
                counted(surplusFiles(inTest), "surplus file")));
    List<DuplicateGroup> inTraining =
        filter(
            duplicates,
            d ->
                d.labelAgreement() != LabelAgreement.CONFLICT
                    && d.images().stream()
                        .allMatch(p -> Partition.of(p.split()) == Partition.TRAINING));
    add(
        IssueKind.DUPLICATE_IN_TRAINING,
        inTraining.size(),
        "%s more than once within train and validation (%s). Training keeps the first of each."
            .formatted(
                counted(inTraining.size(), "image occurs", "images occur"),
                counted(surplusFiles(inTraining), "surplus file")));
    List<DuplicateGroup> unspecifiedCause =
        filter(duplicates, d -> d.labelAgreement() == LabelAgreement.CAUSE_UNSPECIFIED);
    add(
        IssueKind.CAUSE_UNSPECIFIED,
        unspecifiedCause.size(),
        "%s as pneumonia both with and without a stated cause."
            .formatted(counted(unspecifiedCause.size(), "image occurs", "images occur")));
    return this;
  }

  AuditIssueCollector nearDuplicates(NearDuplicates nearDuplicates) {
    add(
        IssueKind.TRAIN_TEST_NEAR_DUPLICATE,
        nearDuplicates.trainingAndTest(),
        "%s nearly identical, one image in training and one in test. If both are the same X-ray, remove one."
            .formatted(pairs(nearDuplicates.trainingAndTest())));
    add(
        IssueKind.TRAIN_VALIDATION_NEAR_DUPLICATE,
        nearDuplicates.trainAndValidation(),
        "%s nearly identical, one image in train and one in validation, where epoch and threshold are chosen."
            .formatted(pairs(nearDuplicates.trainAndValidation())));
    add(
        IssueKind.NEAR_DUPLICATE_LABEL_CONFLICT,
        nearDuplicates.labelConflicts(),
        "%s nearly identical, with different findings."
            .formatted(pairs(nearDuplicates.labelConflicts())));
    add(
        IssueKind.NEAR_DUPLICATE_IN_SPLIT,
        nearDuplicates.sameSplit(),
        "%s nearly identical within one split.".formatted(pairs(nearDuplicates.sameSplit())));
    return this;
  }

  /** One issue for each feature, over both partitions. */
  AuditIssueCollector shortcuts(List<Shortcut> shortcuts) {
    Map<String, List<Shortcut>> byFeature =
        shortcuts.stream()
            .filter(s -> s.outcome() instanceof Separation separation && separation.isWarning())
            .collect(
                groupingBy(s -> s.classPair() + "/" + s.feature(), LinkedHashMap::new, toList()));
    byFeature.values().forEach(this::shortcut);
    return this;
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
    all.add(
        AuditIssue.of(
            IssueKind.SHORTCUT,
            "%s alone separates %s from %s: AUROC %s. %s"
                .formatted(
                    any.feature().title(),
                    any.classPair().first(),
                    any.classPair().second(),
                    aurocs,
                    any.feature().isVisibleToModel()
                        ? "It is in the pixels: a model may rely on it instead of on the lungs."
                        : "A model that received it could cheat; here models receive only pixels.")));
  }

  AuditIssueCollector counts(List<SplitCount> counts) {
    for (SplitCount count : counts) {
      long normal = imageCount(count, finding -> !finding.isPneumonia());
      long pneumonia = imageCount(count, Finding::isPneumonia);
      if (normal == 0 || pneumonia == 0) {
        String missing = count.images() == 0 ? "" : normal == 0 ? " of NORMAL" : " of PNEUMONIA";
        all.add(
            AuditIssue.of(
                IssueKind.CLASS_MISSING,
                "There is no image%s in %s.".formatted(missing, count.split())));
      }
    }
    return this;
  }

  private static long imageCount(SplitCount count, Predicate<Finding> findings) {
    return count.findings().stream()
        .filter(f -> findings.test(f.finding()))
        .mapToLong(SplitCount.FindingCount::images)
        .sum();
  }

  AuditIssueCollector notices(List<String> notices) {
    notices.forEach(notice -> all.add(AuditIssue.of(IssueKind.DATASET_NOTICE, notice)));
    return this;
  }

  List<AuditIssue> bySeverity() {
    return all.stream().sorted(Comparator.comparing(AuditIssue::kind)).toList();
  }

  private void add(IssueKind kind, long count, String text) {
    if (count > 0) {
      all.add(AuditIssue.of(kind, text));
    }
  }

  private static List<DuplicateGroup> filter(
      List<DuplicateGroup> duplicates, Predicate<DuplicateGroup> condition) {
    return duplicates.stream().filter(condition).toList();
  }

  private static String pairs(long count) {
    return counted(count, "pair of images is", "pairs of images are");
  }

  private static int surplusFiles(List<DuplicateGroup> groups) {
    return groups.stream().mapToInt(DuplicateGroup::surplus).sum();
  }

  private static String abbreviate(List<String> names) {
    String first = names.stream().limit(3).collect(joining(", "));
    return names.size() > 3 ? first + ", …" : first;
  }
}
