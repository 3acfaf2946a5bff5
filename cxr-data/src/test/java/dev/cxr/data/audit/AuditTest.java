package dev.cxr.data.audit;

import static dev.cxr.data.audit.Drawn.drawn;
import static dev.cxr.data.audit.Drawn.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.data.audit.Concern.Kind;
import dev.cxr.data.audit.Concern.Severity;
import dev.cxr.data.audit.Count.OfFinding;
import dev.cxr.data.audit.Shortcut.Told;
import dev.cxr.data.catalogue.Catalogue;
import dev.cxr.data.catalogue.Finding;
import dev.cxr.data.catalogue.Split;
import dev.cxr.data.catalogue.ValidationRule;
import dev.cxr.data.image.GrayImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of the persons 1 to 40 the default rule draws 5, 15, 22, 26, 28 and 31 for validation. */
class AuditTest {

  @TempDir private Path temporary;
  private Path root;

  @BeforeEach
  void makeACollectionOfNothingWrong() throws IOException {
    root = temporary.resolve("collection");
    add("train/PNEUMONIA/person1_bacteria_1.png", 0);
    add("train/PNEUMONIA/person2_virus_1.png", 20);
    add("train/PNEUMONIA/person5_virus_1.png", 40); // validates
    add("train/NORMAL/IM-0001-0001.png", 60);
    add("train/NORMAL/IM-0001-0002.png", 80);
    add("train/NORMAL/IM-0018-0001.png", 100);
    add("test/PNEUMONIA/person101_bacteria_1.png", 120);
    add("test/NORMAL/IM-0201-0001.png", 140);
  }

  @Test
  void whereNothingIsWrongTheCollectionIsFit() throws IOException {
    add("train/NORMAL/IM-0005-0001.png", 150);
    String validating = validatingNormal();
    add("train/NORMAL/" + validating + "-0001.png", 160);
    AuditReport report = audit();
    assertThat(report.verdict()).isEqualTo(Verdict.FIT);
    assertThat(report.concerns()).isEmpty();
    assertThat(report.unreadable()).isEmpty();
    assertThat(report.duplicates()).isEmpty();
    assertThat(report.nearDuplicates().pairs()).isEmpty();
    assertThat(report.sharedPatients()).isEmpty();
    assertThat(report.collection())
        .isEqualTo(
            new AuditReport.Collection("collection", false, 10, ValidationRule.DEFAULT.inWords()));
  }

  @Test
  void picturesAndPatientsAreCountedBySplitAndFinding() throws IOException {
    assertThat(audit().counts())
        .containsExactly(
            new Count(
                Split.TRAIN,
                5,
                4,
                List.of(
                    new OfFinding(Finding.NORMAL, 3, 2),
                    new OfFinding(Finding.BACTERIAL_PNEUMONIA, 1, 1),
                    new OfFinding(Finding.VIRAL_PNEUMONIA, 1, 1))),
            new Count(
                Split.VALIDATION,
                1,
                1,
                List.of(
                    new OfFinding(Finding.NORMAL, 0, 0),
                    new OfFinding(Finding.BACTERIAL_PNEUMONIA, 0, 0),
                    new OfFinding(Finding.VIRAL_PNEUMONIA, 1, 1))),
            new Count(
                Split.TEST,
                2,
                2,
                List.of(
                    new OfFinding(Finding.NORMAL, 1, 1),
                    new OfFinding(Finding.BACTERIAL_PNEUMONIA, 1, 1),
                    new OfFinding(Finding.VIRAL_PNEUMONIA, 0, 0))));
    assertThat(texts(Kind.CLASS_MISSING))
        .containsExactly("There is no picture of NORMAL in validation.");
  }

  @Test
  void anUnreadableFileMakesItUnfitAndIsNamedWithItsReason() throws IOException {
    Files.writeString(root.resolve("train/NORMAL/IM-0002-0001.png"), "no picture");
    AuditReport report = audit();
    assertThat(report.verdict()).isEqualTo(Verdict.UNFIT);
    assertThat(report.concerns(Severity.ERROR))
        .extracting(Concern::kind)
        .containsExactly(Kind.UNREADABLE);
    assertThat(report.unreadable())
        .singleElement()
        .satisfies(
            u -> {
              assertThat(u.picture().id()).isEqualTo("train/NORMAL/IM-0002-0001.png");
              assertThat(u.reason()).startsWith("expected a JPEG").doesNotContain(root.toString());
            });
    assertThat(report.counts().get(0).pictures()).isEqualTo(6);
  }

  @Test
  void anEqualPictureInTestAndTrainingMakesItUnfitUnderWhateverName() throws IOException {
    add("test/NORMAL/IM-0300-0001.png", 60);
    AuditReport report = audit();
    assertThat(report.verdict()).isEqualTo(Verdict.UNFIT);
    assertThat(report.concerns(Severity.ERROR))
        .extracting(Concern::kind)
        .containsExactly(Kind.DUPLICATE_INTO_TEST);
    assertThat(report.duplicates())
        .singleElement()
        .satisfies(
            d -> {
              assertThat(d.spread()).isEqualTo(Spread.INTO_TEST);
              assertThat(d.findings()).isEqualTo(Agreement.SAME);
              assertThat(d.pictures())
                  .extracting(Picture::id)
                  .containsExactly("train/NORMAL/IM-0001-0001.png", "test/NORMAL/IM-0300-0001.png");
            });
  }

  @Test
  void equalPixelsOfOtherSidesAreAnotherPicture() throws IOException {
    byte[] pixels = drawn(60).pixels();
    write(new GrayImage(448, 112, pixels), root.resolve("test/NORMAL/IM-0300-0001.png"));
    assertThat(audit().duplicates()).isEmpty();
  }

  @Test
  void equalPicturesOfDifferentFindingsMakeItUnfit() throws IOException {
    add("train/PNEUMONIA/person3_virus_1.png", 60);
    assertThat(audit().verdict()).isEqualTo(Verdict.UNFIT);
    assertThat(texts(Kind.LABEL_CONFLICT))
        .containsExactly(
            "1 picture stands more than once with different findings. One of them is wrong: find"
                + " out which.");
  }

  @Test
  void equalPicturesWithinTrainingAreOnlyNoted() throws IOException {
    add("train/NORMAL/IM-0001-0003.png", 60);
    add("train/NORMAL/IM-0001-0004.png", 60);
    add("train/PNEUMONIA/person1_2.png", 0); // of no told cause
    AuditReport report = audit();
    assertThat(report.verdict()).isEqualTo(Verdict.FIT);
    assertThat(texts(Kind.DUPLICATE_IN_TRAINING))
        .containsExactly(
            "2 pictures recur within train and validation (3 surplus files). Training"
                + " keeps the first of each.");
    assertThat(texts(Kind.CAUSE_NOT_TOLD))
        .containsExactly("1 picture stands as a pneumonia of a told cause and of none.");
  }

  @Test
  void equalPicturesWithinTestAreAWarning() throws IOException {
    add("test/NORMAL/IM-0201-0002.png", 140);
    assertThat(audit().verdict()).isEqualTo(Verdict.FIT);
    assertThat(texts(Kind.DUPLICATE_IN_TEST)).hasSize(1);
    assertThat(texts(Kind.DUPLICATE_IN_TRAINING)).isEmpty();
  }

  @Test
  void aPersonInTestAndTrainingMakesItUnfitAndARecurringNumberDoesNot() throws IOException {
    add("test/PNEUMONIA/person1_virus_9.png", 170);
    assertThat(audit().verdict()).isEqualTo(Verdict.FIT);
    assertThat(texts(Kind.PATIENT_NUMBER_RECURS)).hasSize(1);

    add("test/PNEUMONIA/person1_bacteria_9.png", 180);
    assertThat(audit().verdict()).isEqualTo(Verdict.UNFIT);
    assertThat(texts(Kind.PATIENT_IN_TWO_SPLITS))
        .singleElement()
        .asString()
        .startsWith("1 patient stands in more than one split (person1).");
    assertThat(texts(Kind.PATIENT_NUMBER_RECURS)).isEmpty();
  }

  @Test
  void aNearDuplicateInTestAndTrainingIsAWarning() throws IOException {
    write(Drawn.changed(drawn(60), v -> v + 5), root.resolve("test/NORMAL/IM-0300-0001.png"));
    assertThat(audit().verdict()).isEqualTo(Verdict.FIT);
    assertThat(texts(Kind.NEAR_DUPLICATE_INTO_TEST)).hasSize(1);
  }

  @Test
  void allowedErrorsAreKeptAndTheVerdictSaysSo() throws IOException {
    add("test/NORMAL/IM-0300-0001.png", 60);
    AuditReport report = audit();
    assertThat(report.allowed().verdict()).isEqualTo(Verdict.ALLOWED);
    assertThat(report.allowed().concerns()).isEqualTo(report.concerns());
    Files.delete(root.resolve("test/NORMAL/IM-0300-0001.png"));
    assertThat(audit().allowed().verdict()).isEqualTo(Verdict.FIT);
  }

  @Test
  void aProfileThatGivesTheClassAwayIsSaid() throws IOException {
    for (int i = 10; i < 20; i++) {
      ProfiledFiles.jpeg(root.resolve("test/NORMAL/IM-00%d-0001.jpeg".formatted(i)), true);
      ProfiledFiles.jpeg(
          root.resolve("test/PNEUMONIA/person%d_virus_1.jpeg".formatted(200 + i)), false);
    }
    AuditReport report = audit();
    assertThat(
            report.shortcuts().stream()
                .filter(s -> s.feature() == Feature.COLOUR_PROFILE && s.side() == Side.TEST)
                .filter(s -> s.comparison() == Comparison.NORMAL_AGAINST_PNEUMONIA)
                .map(s -> ((Told) s.outcome()).auroc().area()))
        .containsExactly(21.0 / 22); // one test normal of eleven has no profile
    assertThat(texts(Kind.SHORTCUT))
        .anyMatch(t -> t.startsWith("ICC profile alone tells NORMAL from PNEUMONIA: AUROC 0.955"));
  }

  @Test
  void equalCollectionsGiveEqualReportsWhereverTheyLie() throws IOException {
    Files.writeString(root.resolve("train/NORMAL/IM-0002-0001.png"), "no picture");
    AuditReport report = audit();
    Path elsewhere = temporary.resolve("elsewhere/collection");
    Files.createDirectories(elsewhere.getParent());
    Files.move(root, elsewhere);
    root = elsewhere;
    assertThat(audit()).isEqualTo(report);
  }

  @Test
  void samplesAreAFewOfEachFinding() throws IOException {
    for (int i = 0; i < 20; i++) {
      add("train/NORMAL/IM-%04d-0001.png".formatted(1000 + i), 200 + 3 * i);
    }
    List<Picture> samples = audit().samples();
    assertThat(samples).filteredOn(p -> p.finding() == Finding.NORMAL).hasSize(6);
    assertThat(samples).filteredOn(p -> p.finding() == Finding.BACTERIAL_PNEUMONIA).hasSize(2);
    assertThat(samples).doesNotHaveDuplicates();
    assertThat(samples.stream().map(Picture::id).toList().subList(0, 6))
        .isNotEqualTo(samples.stream().map(Picture::id).sorted().toList().subList(0, 6));
  }

  @Test
  void aCollectionOfUnreadableFilesAloneIsReportedToo() throws IOException {
    root = temporary.resolve("broken");
    Files.createDirectories(root.resolve("train/NORMAL"));
    Files.writeString(root.resolve("train/NORMAL/IM-0002-0001.png"), "no picture");
    AuditReport report = audit();
    assertThat(report.verdict()).isEqualTo(Verdict.UNFIT);
    assertThat(report.statistics()).isEmpty();
    assertThat(report.shortcuts()).isEmpty();
    assertThat(report.samples()).isEmpty();
  }

  private AuditReport audit() throws IOException {
    return Audit.of(Catalogue.open(root.toString(), ValidationRule.DEFAULT));
  }

  private List<String> texts(Kind kind) throws IOException {
    return audit().concerns().stream().filter(c -> c.kind() == kind).map(Concern::text).toList();
  }

  private void add(String id, int picture) throws IOException {
    write(drawn(picture), root.resolve(id));
  }

  private static String validatingNormal() {
    for (int i = 300; ; i++) {
      String key = "IM-%04d".formatted(i);
      if (ValidationRule.DEFAULT.validates(key)) {
        return key;
      }
    }
  }
}
