package dev.cxr.data.audit;

import static dev.cxr.data.audit.Words.counted;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toList;

import dev.cxr.data.audit.Concern.Kind;
import dev.cxr.data.audit.Shortcut.Told;
import dev.cxr.data.catalogue.Finding;
import dev.cxr.data.catalogue.Split;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/** Gathers from the figures what there is to be concerned about, and says it. */
final class Concerns {

  private final List<Concern> all = new ArrayList<>();

  Concerns unreadable(List<Unreadable> unreadable) {
    add(
        Kind.UNREADABLE,
        unreadable.size(),
        "%s cannot be read. A training would stop at the first: mend or remove them."
            .formatted(counted(unreadable.size(), "file")));
    return this;
  }

  Concerns sharedPatients(List<SharedPatient> shared) {
    List<SharedPatient> leaks = shared.stream().filter(SharedPatient::samePerson).toList();
    add(
        Kind.PATIENT_IN_TWO_SPLITS,
        leaks.size(),
        "%s in more than one split (%s). Figures there would count people the model knows: move all pictures of a person to one side."
            .formatted(
                counted(leaks.size(), "patient stands", "patients stand"),
                some(leaks.stream().map(SharedPatient::patient).toList())));
    int recurring = shared.size() - leaks.size();
    add(
        Kind.PATIENT_NUMBER_RECURS,
        recurring,
        "%s in test and in training with another finding. Test patients are numbered anew in Kermany's collection, so these are taken for other people; nothing here can prove it."
            .formatted(counted(recurring, "patient number recurs", "patient numbers recur")));
    return this;
  }

  Concerns duplicates(List<DuplicateGroup> duplicates) {
    List<DuplicateGroup> intoTest = where(duplicates, d -> d.spread() == Spread.INTO_TEST);
    add(
        Kind.DUPLICATE_INTO_TEST,
        intoTest.size(),
        "%s both in test and in training. The test would ask what the model has seen: remove them from one side."
            .formatted(counted(intoTest.size(), "picture stands", "pictures stand")));
    List<DuplicateGroup> conflicts = where(duplicates, d -> d.findings() == Agreement.CONFLICT);
    add(
        Kind.LABEL_CONFLICT,
        conflicts.size(),
        "%s more than once with different findings. One of them is wrong: find out which."
            .formatted(counted(conflicts.size(), "picture stands", "pictures stand")));
    List<DuplicateGroup> inTest =
        where(
            duplicates,
            d -> d.spread() == Spread.ONE_SPLIT && d.pictures().get(0).split() == Split.TEST);
    add(
        Kind.DUPLICATE_IN_TEST,
        inTest.size(),
        "%s within test, and so count more than once in its figures (%s)."
            .formatted(
                counted(inTest.size(), "picture recurs", "pictures recur"),
                counted(surplus(inTest), "surplus file")));
    List<DuplicateGroup> inTraining =
        where(
            duplicates,
            d ->
                d.findings() != Agreement.CONFLICT
                    && d.pictures().stream().allMatch(p -> Side.of(p.split()) == Side.LEARNING));
    add(
        Kind.DUPLICATE_IN_TRAINING,
        inTraining.size(),
        "%s within train and validation (%s). Training keeps the first of each."
            .formatted(
                counted(inTraining.size(), "picture recurs", "pictures recur"),
                counted(surplus(inTraining), "surplus file")));
    List<DuplicateGroup> vague = where(duplicates, d -> d.findings() == Agreement.CAUSE_NOT_TOLD);
    add(
        Kind.CAUSE_NOT_TOLD,
        vague.size(),
        "%s as a pneumonia of a told cause and of none."
            .formatted(counted(vague.size(), "picture stands", "pictures stand")));
    return this;
  }

  Concerns nearDuplicates(NearDuplicates near) {
    add(
        Kind.NEAR_DUPLICATE_INTO_TEST,
        near.intoTest(),
        "%s the same, one in test and one in training. If they are one picture stored twice, remove it from one side."
            .formatted(pairs(near.intoTest())));
    add(
        Kind.NEAR_DUPLICATE_INTO_VALIDATION,
        near.trainAndValidation(),
        "%s the same, one in train and one in validation. Epoch and threshold are chosen there."
            .formatted(pairs(near.trainAndValidation())));
    add(
        Kind.NEAR_DUPLICATE_CONFLICT,
        near.conflicts(),
        "%s the same, with different findings.".formatted(pairs(near.conflicts())));
    add(
        Kind.NEAR_DUPLICATE_IN_SPLIT,
        near.oneSplit(),
        "%s the same within one split.".formatted(pairs(near.oneSplit())));
    return this;
  }

  /** One for each feature, over both sides. */
  Concerns shortcuts(List<Shortcut> shortcuts) {
    Map<String, List<Shortcut>> byFeature =
        shortcuts.stream()
            .filter(s -> s.outcome() instanceof Told told && told.isWarning())
            .collect(
                groupingBy(s -> s.comparison() + "/" + s.feature(), LinkedHashMap::new, toList()));
    byFeature.values().forEach(this::shortcut);
    return this;
  }

  private void shortcut(List<Shortcut> sides) {
    Shortcut any = sides.get(0);
    String figures =
        sides.stream()
            .map(
                s ->
                    String.format(
                        Locale.ROOT, "%.3f in %s", ((Told) s.outcome()).auroc().area(), s.side()))
            .collect(joining(", "));
    all.add(
        Concern.of(
            Kind.SHORTCUT,
            "%s alone tells %s from %s: AUROC %s. %s"
                .formatted(
                    any.feature().title(),
                    any.comparison().first(),
                    any.comparison().second(),
                    figures,
                    any.feature().reachesModel()
                        ? "It is in the pixels: a model may go by it instead of by the lungs."
                        : "A model that saw it could cheat; here only pixels reach a model.")));
  }

  Concerns counts(List<Count> counts) {
    for (Count count : counts) {
      long normal = pictures(count, finding -> !finding.isPneumonia());
      long pneumonia = pictures(count, Finding::isPneumonia);
      if (normal == 0 || pneumonia == 0) {
        String missing = count.pictures() == 0 ? "" : normal == 0 ? " of NORMAL" : " of PNEUMONIA";
        all.add(
            Concern.of(
                Kind.CLASS_MISSING,
                "There is no picture%s in %s.".formatted(missing, count.split())));
      }
    }
    return this;
  }

  private static long pictures(Count count, Predicate<Finding> findings) {
    return count.findings().stream()
        .filter(f -> findings.test(f.finding()))
        .mapToLong(Count.OfFinding::pictures)
        .sum();
  }

  Concerns notices(List<String> notices) {
    notices.forEach(notice -> all.add(Concern.of(Kind.CATALOGUE, notice)));
    return this;
  }

  List<Concern> gravestFirst() {
    return all.stream().sorted(Comparator.comparing(Concern::kind)).toList();
  }

  private void add(Kind kind, long count, String text) {
    if (count > 0) {
      all.add(Concern.of(kind, text));
    }
  }

  private static List<DuplicateGroup> where(
      List<DuplicateGroup> duplicates, Predicate<DuplicateGroup> condition) {
    return duplicates.stream().filter(condition).toList();
  }

  private static String pairs(long count) {
    return counted(count, "pair of pictures looks", "pairs of pictures look");
  }

  private static int surplus(List<DuplicateGroup> groups) {
    return groups.stream().mapToInt(DuplicateGroup::surplus).sum();
  }

  private static String some(List<String> names) {
    String first = names.stream().limit(3).collect(joining(", "));
    return names.size() > 3 ? first + ", …" : first;
  }
}
