package dev.cxr.data.audit;

import static dev.cxr.data.audit.AuditFixtures.syntheticImage;
import static dev.cxr.data.audit.AuditFixtures.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.data.audit.AuditIssue.IssueKind;
import dev.cxr.data.audit.AuditIssue.Severity;
import dev.cxr.data.audit.Shortcut.Separation;
import dev.cxr.data.audit.SplitCount.FindingCount;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.DatasetReader;
import dev.cxr.data.index.Finding;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.ValidationSplitRule;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of the persons 1 to 40 the default rule draws 5, 15, 22, 26, 28 and 31 for validation. */
class AuditTest {

  @TempDir private Path temporary;
  private Path root;

  @BeforeEach
  void writeDatasetWithoutErrors() throws IOException {
    root = temporary.resolve("dataset");
    add("train/PNEUMONIA/person1_bacteria_1.png", 0);
    add("train/PNEUMONIA/person2_virus_1.png", 20);
    add("train/PNEUMONIA/person5_virus_1.png", 40); // validates
    add("train/NORMAL/IM-0001-0001.png", 60);
    add("train/NORMAL/IM-0001-0002.png", 80);
    add("train/NORMAL/IM-0001-0003.png", 100);
    add("test/PNEUMONIA/person101_bacteria_1.png", 120);
    add("test/NORMAL/IM-0201-0001.png", 140);
  }

  @Test
  void acceptsADatasetWithoutErrors() throws IOException {
    add("train/NORMAL/IM-0005-0001.png", 150);
    String validating = validationPatientKey();
    add("train/NORMAL/" + validating + "-0001.png", 160);
    AuditReport report = audit();
    assertThat(report.verdict()).isEqualTo(AuditVerdict.FIT);
    assertThat(report.issues()).isEmpty();
    assertThat(report.unreadable()).isEmpty();
    assertThat(report.duplicates()).isEmpty();
    assertThat(report.nearDuplicates().pairs()).isEmpty();
    assertThat(report.sharedPatients()).isEmpty();
    assertThat(report.dataset())
        .isEqualTo(
            new AuditReport.AuditedDataset(
                "dataset", false, 10, ValidationSplitRule.DEFAULT.description()));
  }

  @Test
  void countsImagesAndPatientsBySplitAndFinding() throws IOException {
    assertThat(audit().counts())
        .containsExactly(
            new SplitCount(
                Split.TRAIN,
                5,
                3,
                List.of(
                    new FindingCount(Finding.NORMAL, 3, 1),
                    new FindingCount(Finding.BACTERIAL_PNEUMONIA, 1, 1),
                    new FindingCount(Finding.VIRAL_PNEUMONIA, 1, 1))),
            new SplitCount(
                Split.VALIDATION,
                1,
                1,
                List.of(
                    new FindingCount(Finding.NORMAL, 0, 0),
                    new FindingCount(Finding.BACTERIAL_PNEUMONIA, 0, 0),
                    new FindingCount(Finding.VIRAL_PNEUMONIA, 1, 1))),
            new SplitCount(
                Split.TEST,
                2,
                2,
                List.of(
                    new FindingCount(Finding.NORMAL, 1, 1),
                    new FindingCount(Finding.BACTERIAL_PNEUMONIA, 1, 1),
                    new FindingCount(Finding.VIRAL_PNEUMONIA, 0, 0))));
    assertThat(texts(IssueKind.CLASS_MISSING))
        .containsExactly("There is no image of NORMAL in validation.");
  }

  @Test
  void rejectsUnreadableFiles() throws IOException {
    Files.writeString(root.resolve("train/NORMAL/IM-0001-0004.png"), "no image");
    AuditReport report = audit();
    assertThat(report.verdict()).isEqualTo(AuditVerdict.UNFIT);
    assertThat(report.issues(Severity.ERROR))
        .extracting(AuditIssue::kind)
        .containsExactly(IssueKind.UNREADABLE);
    assertThat(report.unreadable())
        .singleElement()
        .satisfies(
            u -> {
              assertThat(u.image().id()).isEqualTo("train/NORMAL/IM-0001-0004.png");
              assertThat(u.reason()).startsWith("expected a JPEG").doesNotContain(root.toString());
            });
    assertThat(report.counts().get(0).images()).isEqualTo(6);
  }

  @Test
  void rejectsDuplicatesAcrossTrainingAndTest() throws IOException {
    add("test/NORMAL/IM-0300-0001.png", 60);
    AuditReport report = audit();
    assertThat(report.verdict()).isEqualTo(AuditVerdict.UNFIT);
    assertThat(report.issues(Severity.ERROR))
        .extracting(AuditIssue::kind)
        .containsExactly(IssueKind.TRAIN_TEST_DUPLICATE);
    assertThat(report.duplicates())
        .singleElement()
        .satisfies(
            d -> {
              assertThat(d.splitOverlap()).isEqualTo(SplitOverlap.TRAINING_AND_TEST);
              assertThat(d.labelAgreement()).isEqualTo(LabelAgreement.SAME);
              assertThat(d.images())
                  .extracting(AuditedImage::id)
                  .containsExactly("train/NORMAL/IM-0001-0001.png", "test/NORMAL/IM-0300-0001.png");
            });
  }

  @Test
  void comparesWidthAndHeightOfDuplicates() throws IOException {
    byte[] pixels = syntheticImage(60).pixels();
    write(new GrayImage(448, 112, pixels), root.resolve("test/NORMAL/IM-0300-0001.png"));
    assertThat(audit().duplicates()).isEmpty();
  }

  @Test
  void rejectsDuplicatesWithConflictingLabels() throws IOException {
    add("train/PNEUMONIA/person3_virus_1.png", 60);
    assertThat(audit().verdict()).isEqualTo(AuditVerdict.UNFIT);
    assertThat(texts(IssueKind.LABEL_CONFLICT))
        .containsExactly(
            "1 image occurs more than once with different findings. At most one label is right:"
                + " correct or remove the others.");
  }

  @Test
  void notesDuplicatesWithinTraining() throws IOException {
    add("train/NORMAL/IM-0001-0003.png", 60);
    add("train/NORMAL/IM-0001-0004.png", 60);
    add("train/PNEUMONIA/person1_2.png", 0); // without a stated cause
    AuditReport report = audit();
    assertThat(report.verdict()).isEqualTo(AuditVerdict.FIT);
    assertThat(texts(IssueKind.DUPLICATE_IN_TRAINING))
        .containsExactly(
            "2 images occur more than once within train and validation (3 surplus files). Training"
                + " keeps the first of each.");
    assertThat(texts(IssueKind.CAUSE_UNSPECIFIED))
        .containsExactly("1 image occurs as pneumonia both with and without a stated cause.");
  }

  @Test
  void warnsOfImagesThatUseLittleOfTheGrayRange() throws IOException {
    assertThat(audit().issues()).noneMatch(i -> i.kind() == IssueKind.SMALL_GRAY_RANGE);
    GrayImage image = syntheticImage(150);
    write(AuditFixtures.mapPixels(image, v -> 77), root.resolve("train/NORMAL/IM-0010-0001.png"));
    for (int i = 1; i <= 4; i++) {
      GrayImage dark = AuditFixtures.mapPixels(syntheticImage(150 + i), v -> v / 16);
      dark.pixels()[9] = (byte) 255; // one bright pixel does not matter
      write(dark, root.resolve("train/NORMAL/IM-001%d-0002.png".formatted(i)));
    }
    write(
        AuditFixtures.mapPixels(syntheticImage(160), v -> 100 + v / 16),
        root.resolve("train/NORMAL/IM-0020-0001.png"));
    write(
        AuditFixtures.mapPixels(syntheticImage(161), v -> 100 + v / 4),
        root.resolve("train/NORMAL/IM-0021-0001.png"));
    assertThat(texts(IssueKind.CONSTANT_IMAGE))
        .singleElement()
        .asString()
        .startsWith(
            "1 image has the same gray value in all pixels (train/NORMAL/IM-0010-0001.png).");
    assertThat(texts(IssueKind.NEARLY_BLACK_IMAGE))
        .singleElement()
        .asString()
        .startsWith("4 images are nearly black (train/NORMAL/IM-0011-0002.png, ")
        .contains(", …): less than 10 % of the gray range");
    assertThat(texts(IssueKind.SMALL_GRAY_RANGE))
        .singleElement()
        .asString()
        .startsWith(
            "1 image uses less than 10 % of the gray range (train/NORMAL/IM-0020-0001.png).");
    assertThat(audit().verdict()).isEqualTo(AuditVerdict.FIT);
  }

  @Test
  void countsWhatBreaksAStandardByKind() throws IOException {
    root = temporary.resolve("dicom");
    for (String name : List.of("train/NORMAL/a", "train/PNEUMONIA/b")) {
      Files.createDirectories(root.resolve(name).getParent());
      Files.write(root.resolve(name), dicomWithoutMetaInformation());
    }
    assertThat(texts(IssueKind.NONSTANDARD_FILE))
        .containsExactly(
            "2 files were read although not standard (train/NORMAL/a, train/PNEUMONIA/b). The DICOM"
                + " file has no file meta information; its encoding was determined from its first"
                + " bytes.");
  }

  /** In implicit VR; 32x32 pixels. */
  private static byte[] dicomWithoutMetaInformation() {
    var file = ByteBuffer.allocate(2048).order(ByteOrder.LITTLE_ENDIAN);
    element(file, 0x0008, 0x0005, "ISO_IR 100".getBytes(StandardCharsets.US_ASCII));
    element(
        file,
        0x0008,
        0x0016,
        "1.2.840.10008.5.1.4.1.1.1".concat("\0").getBytes(StandardCharsets.US_ASCII));
    element(file, 0x0008, 0x0060, "CR".getBytes(StandardCharsets.US_ASCII));
    element(file, 0x0028, 0x0004, "MONOCHROME2 ".getBytes(StandardCharsets.US_ASCII));
    for (int tag : new int[] {0x10, 0x11}) {
      element(file, 0x0028, tag, new byte[] {32, 0});
    }
    for (int tag : new int[] {0x100, 0x101}) {
      element(file, 0x0028, tag, new byte[] {8, 0});
    }
    var pixels = new byte[32 * 32];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i * 5);
    }
    element(file, 0x7FE0, 0x0010, pixels);
    return Arrays.copyOf(file.array(), file.position());
  }

  private static void element(ByteBuffer file, int group, int element, byte[] value) {
    file.putShort((short) group).putShort((short) element).putInt(value.length).put(value);
  }

  @Test
  void warnsOfDuplicatesWithinTest() throws IOException {
    add("test/NORMAL/IM-0201-0002.png", 140);
    assertThat(audit().verdict()).isEqualTo(AuditVerdict.FIT);
    assertThat(texts(IssueKind.DUPLICATE_IN_TEST)).hasSize(1);
    assertThat(texts(IssueKind.DUPLICATE_IN_TRAINING)).isEmpty();
  }

  @Test
  void rejectsPatientsInSeveralSplitsButNotReusedNumbers() throws IOException {
    add("test/PNEUMONIA/person1_virus_9.png", 170);
    assertThat(audit().verdict()).isEqualTo(AuditVerdict.FIT);
    assertThat(texts(IssueKind.PATIENT_NUMBER_REUSED)).hasSize(1);

    add("test/PNEUMONIA/person1_bacteria_9.png", 180);
    assertThat(audit().verdict()).isEqualTo(AuditVerdict.UNFIT);
    assertThat(texts(IssueKind.PATIENT_IN_SEVERAL_SPLITS))
        .singleElement()
        .asString()
        .startsWith("1 patient is in more than one split (person1).");
    assertThat(texts(IssueKind.PATIENT_NUMBER_REUSED)).isEmpty();
  }

  @Test
  void warnsOfNearDuplicatesAcrossTrainingAndTest() throws IOException {
    write(
        AuditFixtures.mapPixels(syntheticImage(60), v -> v + 5),
        root.resolve("test/NORMAL/IM-0300-0001.png"));
    assertThat(audit().verdict()).isEqualTo(AuditVerdict.FIT);
    assertThat(texts(IssueKind.TRAIN_TEST_NEAR_DUPLICATE)).hasSize(1);
  }

  @Test
  void keepsAllowedErrors() throws IOException {
    add("test/NORMAL/IM-0300-0001.png", 60);
    AuditReport allowed = Audit.run(dataset(), true);
    assertThat(allowed.verdict()).isEqualTo(AuditVerdict.ALLOWED);
    assertThat(allowed.issues()).isEqualTo(audit().issues());
    Files.delete(root.resolve("test/NORMAL/IM-0300-0001.png"));
    assertThat(Audit.run(dataset(), true).verdict()).isEqualTo(AuditVerdict.FIT);
  }

  @Test
  void warnsOfAnIccProfileShortcut() throws IOException {
    for (int i = 10; i < 20; i++) {
      IccProfileFiles.jpeg(root.resolve("test/NORMAL/IM-00%d-0001.jpeg".formatted(i)), true);
      IccProfileFiles.jpeg(
          root.resolve("test/PNEUMONIA/person%d_virus_1.jpeg".formatted(200 + i)), false);
    }
    AuditReport report = audit();
    assertThat(
            report.shortcuts().stream()
                .filter(
                    s -> s.feature() == ImageFeature.ICC_PROFILE && s.partition() == Partition.TEST)
                .filter(s -> s.classPair().equals(ClassPair.NORMAL_VS_PNEUMONIA))
                .map(s -> ((Separation) s.outcome()).auroc().area()))
        .containsExactly(21.0 / 22); // one test normal of eleven has no profile
    assertThat(texts(IssueKind.SHORTCUT))
        .anyMatch(
            t -> t.startsWith("ICC profile alone separates NORMAL from PNEUMONIA: AUROC 0.955"));
  }

  @Test
  void isIndependentOfTheFolderLocation() throws IOException {
    Files.writeString(root.resolve("train/NORMAL/IM-0001-0004.png"), "no image");
    AuditReport report = audit();
    Path elsewhere = temporary.resolve("elsewhere/dataset");
    Files.createDirectories(elsewhere.getParent());
    Files.move(root, elsewhere);
    root = elsewhere;
    assertThat(audit()).isEqualTo(report);
  }

  @Test
  void samplesEachFinding() throws IOException {
    for (int i = 0; i < 20; i++) {
      add("train/NORMAL/IM-%04d-0001.png".formatted(1000 + i), 200 + 3 * i);
    }
    List<AuditedImage> samples = audit().samples();
    assertThat(samples).filteredOn(p -> p.finding().equals(Finding.NORMAL)).hasSize(6);
    assertThat(samples).filteredOn(p -> p.finding().equals(Finding.BACTERIAL_PNEUMONIA)).hasSize(2);
    assertThat(samples).doesNotHaveDuplicates();
    assertThat(samples.stream().map(AuditedImage::id).toList().subList(0, 6))
        .isNotEqualTo(samples.stream().map(AuditedImage::id).sorted().toList().subList(0, 6));
  }

  @Test
  void reportsADatasetOfUnreadableFiles() throws IOException {
    root = temporary.resolve("broken");
    Files.createDirectories(root.resolve("train/NORMAL"));
    Files.writeString(root.resolve("train/NORMAL/IM-0001-0004.png"), "no image");
    AuditReport report = audit();
    assertThat(report.verdict()).isEqualTo(AuditVerdict.UNFIT);
    assertThat(report.statistics()).isEmpty();
    assertThat(report.shortcuts()).isEmpty();
    assertThat(report.samples()).isEmpty();
  }

  private AuditReport audit() throws IOException {
    return Audit.run(dataset());
  }

  private DatasetIndex dataset() throws IOException {
    return DatasetReader.read(root.toString(), ValidationSplitRule.DEFAULT);
  }

  private List<String> texts(IssueKind kind) throws IOException {
    return audit().issues().stream().filter(c -> c.kind() == kind).map(AuditIssue::text).toList();
  }

  private void add(String id, int number) throws IOException {
    write(syntheticImage(number), root.resolve(id));
  }

  private static String validationPatientKey() {
    for (int i = 300; ; i++) {
      String key = "IM-%04d".formatted(i);
      if (ValidationSplitRule.DEFAULT.isValidation(key)) {
        return key;
      }
    }
  }
}
