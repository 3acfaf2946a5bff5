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

/** Gathers from the figures what there is to be concerned about, and says it. */
final class AuditIssueCollector {

  private final List<AuditIssue> all = new ArrayList<>();

  AuditIssueCollector unreadable(List<UnreadableImage> unreadable) {
    add(
        IssueKind.UNREADABLE,
        unreadable.size(),
        "%s cannot be read. A training would stop at the first: mend or remove them."
            .formatted(counted(unreadable.size(), "file")));
    return this;
  }

  AuditIssueCollector sharedPatients(List<SharedPatient> shared) {
    List<SharedPatient> leaks = shared.stream().filter(SharedPatient::samePerson).toList();
    add(
        IssueKind.PATIENT_IN_SEVERAL_SPLITS,
        leaks.size(),
        "%s in more than one split (%s). Figures there would count people the model knows: move all pictures of a person to one side."
            .formatted(
                counted(leaks.size(), "patient stands", "patients stand"),
                abbreviate(leaks.stream().map(SharedPatient::patient).toList())));
    int reusedNumbers = shared.size() - leaks.size();
    add(
        IssueKind.PATIENT_NUMBER_REUSED,
        reusedNumbers,
        "%s in test and in training with another finding. Test patients are numbered anew in Kermany's collection, so these are taken for other people; nothing here can prove it."
            .formatted(counted(reusedNumbers, "patient number recurs", "patient numbers recur")));
    return this;
  }

  AuditIssueCollector duplicates(List<DuplicateGroup> duplicates) {
    List<DuplicateGroup> acrossTest =
        filter(duplicates, d -> d.splitOverlap() == SplitOverlap.TRAINING_AND_TEST);
    add(
        IssueKind.TRAIN_TEST_DUPLICATE,
        acrossTest.size(),
        "%s both in test and in training. The test would ask what the model has seen: remove them from one side."
            .formatted(counted(acrossTest.size(), "picture stands", "pictures stand")));
    List<DuplicateGroup> conflicts =
        filter(duplicates, d -> d.labelAgreement() == LabelAgreement.CONFLICT);
    add(
        IssueKind.LABEL_CONFLICT,
        conflicts.size(),
        "%s more than once with different findings. One of them is wrong: find out which."
            .formatted(counted(conflicts.size(), "picture stands", "pictures stand")));
    List<DuplicateGroup> inTest =
        filter(
            duplicates,
            d ->
                d.splitOverlap() == SplitOverlap.SAME_SPLIT
                    && d.images().get(0).split() == Split.TEST);
    add(
        IssueKind.DUPLICATE_IN_TEST,
        inTest.size(),
        "%s within test, and so count more than once in its figures (%s)."
            .formatted(
                counted(inTest.size(), "picture recurs", "pictures recur"),
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
        "%s within train and validation (%s). Training keeps the first of each."
            .formatted(
                counted(inTraining.size(), "picture recurs", "pictures recur"),
                counted(surplusFiles(inTraining), "surplus file")));
    List<DuplicateGroup> unspecifiedCause =
        filter(duplicates, d -> d.labelAgreement() == LabelAgreement.CAUSE_UNSPECIFIED);
    add(
        IssueKind.CAUSE_UNSPECIFIED,
        unspecifiedCause.size(),
        "%s as a pneumonia of a told cause and of none."
            .formatted(counted(unspecifiedCause.size(), "picture stands", "pictures stand")));
    return this;
  }

  AuditIssueCollector nearDuplicates(NearDuplicates nearDuplicates) {
    add(
        IssueKind.TRAIN_TEST_NEAR_DUPLICATE,
        nearDuplicates.trainingAndTest(),
        "%s the same, one in test and one in training. If they are one picture stored twice, remove it from one side."
            .formatted(pairs(nearDuplicates.trainingAndTest())));
    add(
        IssueKind.TRAIN_VALIDATION_NEAR_DUPLICATE,
        nearDuplicates.trainAndValidation(),
        "%s the same, one in train and one in validation. Epoch and threshold are chosen there."
            .formatted(pairs(nearDuplicates.trainAndValidation())));
    add(
        IssueKind.NEAR_DUPLICATE_LABEL_CONFLICT,
        nearDuplicates.labelConflicts(),
        "%s the same, with different findings.".formatted(pairs(nearDuplicates.labelConflicts())));
    add(
        IssueKind.NEAR_DUPLICATE_IN_SPLIT,
        nearDuplicates.sameSplit(),
        "%s the same within one split.".formatted(pairs(nearDuplicates.sameSplit())));
    return this;
  }

  /** One for each feature, over both sides. */
  AuditIssueCollector shortcuts(List<Shortcut> shortcuts) {
    Map<String, List<Shortcut>> byFeature =
        shortcuts.stream()
            .filter(s -> s.outcome() instanceof Separation told && told.isWarning())
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
            "%s alone tells %s from %s: AUROC %s. %s"
                .formatted(
                    any.feature().title(),
                    any.classPair().first(),
                    any.classPair().second(),
                    aurocs,
                    any.feature().isVisibleToModel()
                        ? "It is in the pixels: a model may go by it instead of by the lungs."
                        : "A model that saw it could cheat; here only pixels reach a model.")));
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
                "There is no picture%s in %s.".formatted(missing, count.split())));
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
    return counted(count, "pair of pictures looks", "pairs of pictures look");
  }

  private static int surplusFiles(List<DuplicateGroup> groups) {
    return groups.stream().mapToInt(DuplicateGroup::surplus).sum();
  }

  private static String abbreviate(List<String> names) {
    String first = names.stream().limit(3).collect(joining(", "));
    return names.size() > 3 ? first + ", …" : first;
  }
}
