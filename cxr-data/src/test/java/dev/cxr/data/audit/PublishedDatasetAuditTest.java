package dev.cxr.data.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.data.audit.AuditIssue.IssueKind;
import dev.cxr.data.audit.AuditIssue.Severity;
import dev.cxr.data.audit.Shortcut.ConstantFeature;
import dev.cxr.data.audit.Shortcut.Separation;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.DatasetReader;
import dev.cxr.data.index.Finding;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.ValidationSplitRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** The published dataset in {@code CXR_DATA_DIR}. */
@EnabledIfEnvironmentVariable(named = "CXR_DATA_DIR", matches = ".+")
class PublishedDatasetAuditTest {

  private static AuditReport report;

  @BeforeAll
  static void audit() throws IOException {
    report = Audit.run(open(folder("chest-xray")));
  }

  @Test
  void findsNoErrors() {
    assertThat(report.verdict()).isEqualTo(AuditVerdict.FIT);
    assertThat(report.issues(Severity.ERROR)).isEmpty();
    assertThat(report.unreadable()).isEmpty();
  }

  @Test
  void countsThePublishedImages() {
    assertThat(imageCount(Finding.NORMAL, Partition.TRAINING)).isEqualTo(1341);
    assertThat(imageCount(Finding.BACTERIAL_PNEUMONIA, Partition.TRAINING)).isEqualTo(2530);
    assertThat(imageCount(Finding.VIRAL_PNEUMONIA, Partition.TRAINING)).isEqualTo(1345);
    assertThat(imageCount(Finding.NORMAL, Partition.TEST)).isEqualTo(125);
    assertThat(imageCount(Finding.BACTERIAL_PNEUMONIA, Partition.TEST)).isEqualTo(127);
    assertThat(imageCount(Finding.VIRAL_PNEUMONIA, Partition.TEST)).isEqualTo(65);
  }

  @Test
  void findsDuplicatesWithinSplitsOnly() {
    List<DuplicateGroup> learning =
        report.duplicates().stream().filter(d -> d.images().get(0).split() != Split.TEST).toList();
    assertThat(learning).hasSize(24);
    assertThat(learning.stream().mapToInt(DuplicateGroup::surplus).sum()).isEqualTo(26);
    assertThat(report.duplicates()).allMatch(d -> d.splitOverlap() == SplitOverlap.SAME_SPLIT);
    assertThat(report.duplicates()).allMatch(d -> d.labelAgreement() == LabelAgreement.SAME);
  }

  @Test
  void findsNoNearDuplicates() {
    assertThat(report.nearDuplicates().pairs()).isEmpty();
  }

  @Test
  void findsReusedPatientNumbersOnly() {
    assertThat(report.sharedPatients()).hasSize(74).noneMatch(SharedPatient::samePerson);
    assertThat(report.issues())
        .filteredOn(c -> c.kind() == IssueKind.PATIENT_NUMBER_REUSED)
        .hasSize(1);
  }

  @Test
  void warnsOfTheFileSizeShortcut() {
    assertThat(outcome(report, ImageFeature.FILE_BYTES))
        .isInstanceOfSatisfying(
            Separation.class,
            told -> {
              assertThat(told.isWarning()).isTrue();
              assertThat(told.auroc().area()).isBetween(0.85, 0.95);
            });
    assertThat(outcome(report, ImageFeature.WIDTH)).isEqualTo(new ConstantFeature(224));
    assertThat(outcome(report, ImageFeature.ICC_PROFILE)).isEqualTo(new ConstantFeature(0));
  }

  @Test
  void findsTheIccProfileShortcutOfTheOriginals(@TempDir Path temporary) throws IOException {
    for (String name : List.of("NORMAL", "PNEUMONIA")) {
      Path folder = Files.createDirectories(temporary.resolve("train").resolve(name));
      try (Stream<Path> files = Files.list(folder("originals").resolve(name))) {
        for (Path file : files.toList()) {
          Files.copy(file, folder.resolve(file.getFileName()));
        }
      }
    }
    AuditReport originals = Audit.run(open(temporary));
    assertThat(outcome(originals, ImageFeature.ICC_PROFILE))
        .isInstanceOfSatisfying(
            Separation.class, told -> assertThat(told.auroc().area()).isEqualTo(1));
  }

  private static Shortcut.Outcome outcome(AuditReport report, ImageFeature feature) {
    return report.shortcuts().stream()
        .filter(s -> s.classPair().equals(ClassPair.NORMAL_VS_PNEUMONIA))
        .filter(s -> s.partition() == Partition.TRAINING && s.feature() == feature)
        .findAny()
        .orElseThrow()
        .outcome();
  }

  private static long imageCount(Finding finding, Partition side) {
    return report.counts().stream()
        .filter(c -> Partition.of(c.split()) == side)
        .flatMap(c -> c.findings().stream())
        .filter(f -> f.finding().equals(finding))
        .mapToLong(SplitCount.FindingCount::images)
        .sum();
  }

  private static Path folder(String name) {
    return Path.of(System.getenv("CXR_DATA_DIR"), name);
  }

  private static DatasetIndex open(Path folder) throws IOException {
    return DatasetReader.read(folder.toString(), ValidationSplitRule.DEFAULT);
  }
}
