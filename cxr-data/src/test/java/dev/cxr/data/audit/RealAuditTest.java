package dev.cxr.data.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.data.audit.Concern.Kind;
import dev.cxr.data.audit.Concern.Severity;
import dev.cxr.data.audit.Shortcut.SameForAll;
import dev.cxr.data.audit.Shortcut.Told;
import dev.cxr.data.catalogue.Catalogue;
import dev.cxr.data.catalogue.Finding;
import dev.cxr.data.catalogue.Split;
import dev.cxr.data.catalogue.ValidationRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** The published collection as it is, where {@code CXR_DATA_DIR} holds it. */
@EnabledIfEnvironmentVariable(named = "CXR_DATA_DIR", matches = ".+")
class RealAuditTest {

  private static AuditReport report;

  @BeforeAll
  static void audit() throws IOException {
    report = Audit.of(open(folder("chest-xray")));
  }

  @Test
  void nothingMakesItsResultsDishonest() {
    assertThat(report.verdict()).isEqualTo(Verdict.FIT);
    assertThat(report.concerns(Severity.ERROR)).isEmpty();
    assertThat(report.unreadable()).isEmpty();
  }

  @Test
  void thePicturesAreAsManyAsPublished() {
    assertThat(pictures(Finding.NORMAL, Side.LEARNING)).isEqualTo(1341);
    assertThat(pictures(Finding.BACTERIAL_PNEUMONIA, Side.LEARNING)).isEqualTo(2530);
    assertThat(pictures(Finding.VIRAL_PNEUMONIA, Side.LEARNING)).isEqualTo(1345);
    assertThat(pictures(Finding.NORMAL, Side.TEST)).isEqualTo(125);
    assertThat(pictures(Finding.BACTERIAL_PNEUMONIA, Side.TEST)).isEqualTo(127);
    assertThat(pictures(Finding.VIRAL_PNEUMONIA, Side.TEST)).isEqualTo(65);
  }

  @Test
  void picturesRecurWithinASplitAndFindingOnly() {
    List<DuplicateGroup> learning =
        report.duplicates().stream()
            .filter(d -> d.pictures().get(0).split() != Split.TEST)
            .toList();
    assertThat(learning).hasSize(24);
    assertThat(learning.stream().mapToInt(DuplicateGroup::surplus).sum()).isEqualTo(26);
    assertThat(report.duplicates()).allMatch(d -> d.spread() == Spread.ONE_SPLIT);
    assertThat(report.duplicates()).allMatch(d -> d.findings() == Agreement.SAME);
  }

  @Test
  void picturesOfPeopleWhoLookAlikeRaiseNoFalseAlarm() {
    assertThat(report.nearDuplicates().pairs()).isEmpty();
  }

  @Test
  void patientNumbersRecurWithAnotherFindingOnly() {
    assertThat(report.sharedPatients()).hasSize(74).noneMatch(SharedPatient::samePerson);
    assertThat(report.concerns())
        .filteredOn(c -> c.kind() == Kind.PATIENT_NUMBER_RECURS)
        .hasSize(1);
  }

  @Test
  void fileSizeGivesTheClassAwayAndTheSidesDoNot() {
    assertThat(outcome(report, Feature.FILE_BYTES))
        .isInstanceOfSatisfying(
            Told.class,
            told -> {
              assertThat(told.isWarning()).isTrue();
              assertThat(told.auroc().area()).isBetween(0.85, 0.95);
            });
    assertThat(outcome(report, Feature.WIDTH)).isEqualTo(new SameForAll(224));
    assertThat(outcome(report, Feature.COLOUR_PROFILE)).isEqualTo(new SameForAll(0));
  }

  @Test
  void theProfilesOfTheOriginalsGiveTheClassAwayInFull(@TempDir Path temporary) throws IOException {
    for (String name : List.of("NORMAL", "PNEUMONIA")) {
      Path folder = Files.createDirectories(temporary.resolve("train").resolve(name));
      try (Stream<Path> files = Files.list(folder("originals").resolve(name))) {
        for (Path file : files.toList()) {
          Files.copy(file, folder.resolve(file.getFileName()));
        }
      }
    }
    AuditReport originals = Audit.of(open(temporary));
    assertThat(outcome(originals, Feature.COLOUR_PROFILE))
        .isInstanceOfSatisfying(Told.class, told -> assertThat(told.auroc().area()).isEqualTo(1));
  }

  private static Shortcut.Outcome outcome(AuditReport report, Feature feature) {
    return report.shortcuts().stream()
        .filter(s -> s.comparison() == Comparison.NORMAL_AGAINST_PNEUMONIA)
        .filter(s -> s.side() == Side.LEARNING && s.feature() == feature)
        .findAny()
        .orElseThrow()
        .outcome();
  }

  private static long pictures(Finding finding, Side side) {
    return report.counts().stream()
        .filter(c -> Side.of(c.split()) == side)
        .flatMap(c -> c.findings().stream())
        .filter(f -> f.finding() == finding)
        .mapToLong(Count.OfFinding::pictures)
        .sum();
  }

  private static Path folder(String name) {
    return Path.of(System.getenv("CXR_DATA_DIR"), name);
  }

  private static Catalogue open(Path folder) throws IOException {
    return Catalogue.open(folder.toString(), ValidationRule.DEFAULT);
  }
}
