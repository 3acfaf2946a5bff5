package dev.cxr.data.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cxr.common.cli.UsageErrorException;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.index.ValidationSplitRule.ValidationSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Of persons 1 to 40 the default rule selects 5, 15, 22, 26, 28 and 31 for validation. */
class FolderReaderTest {

  private static final ValidationSplitRule FROM_FOLDER =
      new ValidationSplitRule(ValidationSource.FOLDER, 0.1, 0, 1);

  @TempDir private Path temporary;
  private Path root;

  @BeforeEach
  void createRoot() {
    root = temporary.resolve("chest_xray");
  }

  @Test
  void readsKaggleLayoutAndReportsWhatIsLeftOut() throws IOException {
    writeTrainImages(1, 40);
    writeFile("train/NORMAL/IM-0115-0001.jpeg");
    writeFile("test/NORMAL/IM-0001-0001.jpeg");
    writeFile("test/PNEUMONIA/person100_bacteria_1.jpeg");
    writeFile("test/PNEUMONIA/person5_virus_1.jpeg");
    writeFile(".DS_Store");
    writeFile("train/.DS_Store");
    writeFile("train/NORMAL/.DS_Store");
    writeFile("train/NORMAL/._IM-0115-0001.jpeg");
    writeFile("train/NORMAL/notes.txt");
    writeFile("train/overview.jpeg");
    Files.createDirectories(root.resolve("train/PNEUMONIA/folder.png"));

    DatasetIndex index = open(ValidationSplitRule.DEFAULT);

    assertThat(index.name()).isEqualTo("chest_xray");
    assertThat(index.synthetic()).isFalse();
    assertThat(index.splitRule()).isEqualTo(ValidationSplitRule.DEFAULT.description());
    assertThat(index.inSplit(Split.TRAIN)).hasSize(35);
    assertThat(patients(index, Split.VALIDATION))
        .containsExactlyInAnyOrder(
            "person5", "person15", "person22", "person26", "person28", "person31");
    assertThat(index.inSplit(Split.TEST))
        .extracting(Xray::id)
        .containsExactly(
            "test/NORMAL/IM-0001-0001.jpeg",
            "test/PNEUMONIA/person100_bacteria_1.jpeg",
            "test/PNEUMONIA/person5_virus_1.jpeg");
    assertThat(index.notices())
        .containsExactly(
            "Left out: 1 image outside folders of a class (train/overview.jpeg).",
            "Left out: 1 file that is no JPEG, PNG, TIFF or DICOM (train/NORMAL/notes.txt).");
  }

  @Test
  void readsSourceFindingPatientAndSplit() throws IOException {
    writeFile("train/NORMAL/NORMAL2-IM-0381-0001.jpeg");
    assertThat(open(ValidationSplitRule.DEFAULT).xrays())
        .containsExactly(
            new Xray(
                "train/NORMAL/NORMAL2-IM-0381-0001.jpeg",
                new ImageSource.FileSource(root.resolve("train/NORMAL/NORMAL2-IM-0381-0001.jpeg")),
                Finding.NORMAL,
                "NORMAL2-IM-0381",
                Split.TRAIN));
  }

  @Test
  void takesPneumoniaCauseFromFileName() throws IOException {
    writeFile("test/PNEUMONIA/person1_bacteria_2.jpeg");
    writeFile("test/PNEUMONIA/VIRUS-30539-0001.jpeg");
    writeFile("test/PNEUMONIA/PNEUMONIA-1-0001.jpeg");
    writeFile("test/NORMAL/NORMAL-7-0001.jpeg");
    writeFile("test/NORMAL/BACTERIA-8-0001.jpeg");
    assertThat(open(ValidationSplitRule.DEFAULT).xrays())
        .extracting(x -> x.patient() + " " + x.finding())
        .containsExactlyInAnyOrder(
            "person1 BACTERIAL_PNEUMONIA",
            "30539 VIRAL_PNEUMONIA",
            "1 PNEUMONIA",
            "7 NORMAL",
            "8 NORMAL"); // the folder decides
  }

  @Test
  void countsNamesWithoutPatientAsSeparatePatients() throws IOException {
    writeFile("train/NORMAL/1.jpeg");
    writeFile("train/NORMAL/2.jpeg");
    writeFile("train/PNEUMONIA/1.jpeg");
    writeFile("train/PNEUMONIA/person1_virus_1.jpeg");
    DatasetIndex index = open(ValidationSplitRule.DEFAULT);
    assertThat(index.xrays()).extracting(Xray::patient).doesNotHaveDuplicates().hasSize(4);
    assertThat(index.notices())
        .satisfiesExactly(
            notice -> assertThat(notice).startsWith("The dataset is small"),
            notice -> assertThat(notice).startsWith("3 images have no patient id"));
    for (Split split : List.of(Split.TRAIN, Split.VALIDATION)) {
      assertThat(index.inSplit(split))
          .extracting(x -> x.finding().isPneumonia())
          .contains(true, false);
    }
  }

  @Test
  void addsNoNoticesToCompleteDataset() throws IOException {
    writeTrainImages(1, 3);
    assertThat(open(ValidationSplitRule.DEFAULT).notices()).isEmpty();
  }

  @Test
  void mergesSmallValFolderIntoTrainWithNotice() throws IOException {
    writeTrainImages(37, 400);
    for (int i = 1; i <= 16; i++) {
      writeFile("val/PNEUMONIA/person%d_bacteria_%d.jpeg".formatted(i, i));
    }
    DatasetIndex index = open(ValidationSplitRule.DEFAULT);
    assertThat(index.xrays()).hasSize(380);
    assertThat(patients(index, Split.VALIDATION))
        .contains("person5", "person15")
        .hasSizeLessThan(60);
    assertThat(index.splitRule()).isEqualTo(ValidationSplitRule.DEFAULT.description());
    assertThat(index.notices())
        .singleElement()
        .asString()
        .startsWith("The validation split of the dataset (16 images) is merged into train");
  }

  @Test
  void folderRuleUsesSmallValFolder() throws IOException {
    writeTrainImages(1, 20);
    writeFile("val/PNEUMONIA/person3_virus_9.jpeg");
    writeFile("val/NORMAL/IM-0001-0001.jpeg");
    DatasetIndex index = open(FROM_FOLDER);
    assertThat(index.splitRule()).isEqualTo("the validation split of the dataset");
    assertThat(patients(index, Split.VALIDATION)).containsExactlyInAnyOrder("person3", "IM-0001");
    assertThat(index.inSplit(Split.TRAIN)).hasSize(19);
    assertThat(patients(index, Split.TRAIN)).doesNotContain("person3");
    assertThat(index.notices())
        .singleElement()
        .asString()
        .startsWith("Excluded from training: 1 image ");
  }

  @Test
  void usesValFolderOfOneHundredImages() throws IOException {
    writeTrainImages(1, 20);
    writeValImages(100);
    DatasetIndex index = open(ValidationSplitRule.DEFAULT);
    assertThat(index.splitRule()).isEqualTo("the validation split of the dataset");
    assertThat(index.inSplit(Split.VALIDATION))
        .hasSize(100)
        .allMatch(x -> x.id().startsWith("val/"));
    assertThat(index.inSplit(Split.TRAIN)).hasSize(20);
    assertThat(index.notices()).isEmpty();
  }

  @Test
  void nonDefaultRuleReplacesValFolder() throws IOException {
    writeTrainImages(1, 20);
    writeValImages(100);
    Set<String> drawn = new HashSet<>();
    for (ValidationSplitRule rule : ValidationSplitRule.folds(5, 7)) {
      DatasetIndex index = open(rule);
      assertThat(index.splitRule()).isEqualTo(rule.description());
      assertThat(index.notices())
          .singleElement()
          .asString()
          .startsWith(
              "The validation split of the dataset (100 images) is merged into train, because");
      assertThat(index.inSplit(Split.VALIDATION)).isNotEmpty().allMatch(x -> drawn.add(x.id()));
    }
    assertThat(drawn).hasSize(120);
  }

  @Test
  void usesSmallValFolderThatIsATwentiethOfTheImages() throws IOException {
    writeTrainImages(1, 19);
    writeValImages(1);
    assertThat(open(ValidationSplitRule.DEFAULT).splitRule())
        .isEqualTo("the validation split of the dataset");
    writeTrainImages(20, 20);
    assertThat(open(ValidationSplitRule.DEFAULT).splitRule())
        .isEqualTo(ValidationSplitRule.DEFAULT.description());
  }

  @Test
  void acceptsNamesInAnyCase() throws IOException {
    writeFile("Train/normal/IM-0001-0001.JPEG");
    writeFile("Train/Pneumonia/PERSON1_Virus_1.Png");
    writeFile("TEST/PNEUMONIA/person2_BACTERIA_1.jpg");
    assertThat(open(ValidationSplitRule.DEFAULT).xrays())
        .extracting(x -> x.split() + " " + x.patient() + " " + x.finding())
        .containsExactlyInAnyOrder(
            "train IM-0001 NORMAL",
            "train person1 VIRAL_PNEUMONIA",
            "test person2 BACTERIAL_PNEUMONIA");
  }

  @Test
  void sortsBySplitThenId() throws IOException {
    for (int i : new int[] {31, 2, 17, 5, 11, 28, 1}) {
      writeFile("train/PNEUMONIA/person%d_virus_1.jpeg".formatted(i));
      writeFile("test/PNEUMONIA/person%d_virus_1.jpeg".formatted(1000 + i));
      writeFile("train/NORMAL/IM-%04d-0001.jpeg".formatted(i));
    }
    for (Split split : Split.values()) {
      assertThat(open(ValidationSplitRule.DEFAULT).inSplit(split)).extracting(Xray::id).isSorted();
    }
    assertThat(open(ValidationSplitRule.DEFAULT).xrays()).extracting(Xray::split).isSorted();
    assertThat(open(ValidationSplitRule.DEFAULT)).isEqualTo(open(ValidationSplitRule.DEFAULT));
  }

  @Test
  void rejectsMissingPath() {
    assertThatThrownBy(() -> open(ValidationSplitRule.DEFAULT))
        .isExactlyInstanceOf(UserErrorException.class)
        .hasMessageStartingWith("Expected a dataset of X-rays; found nothing at " + root);
  }

  @Test
  void rejectsFile() throws IOException {
    Files.createFile(root);
    assertRejected("found the file " + root);
  }

  @Test
  void rejectsEmptyFolder() throws IOException {
    Files.createDirectory(root);
    assertRejected("found no JPEG, PNG or TIFF image in " + root);
  }

  /** As Kaggle's archive is made. */
  @Test
  void leavesOutTheCopyOfTheDatasetWithinIt() throws IOException {
    writeTrainImages(1, 3);
    for (int i = 1; i <= 3; i++) {
      writeFile("chest_xray/train/PNEUMONIA/person%d_bacteria_%d.jpeg".formatted(i, i));
      writeFile("__MACOSX/chest_xray/train/PNEUMONIA/._person%d_bacteria_%d.jpeg".formatted(i, i));
    }
    DatasetIndex index = open(ValidationSplitRule.DEFAULT);
    assertThat(index.xrays()).hasSize(3);
    assertThat(index.notices())
        .singleElement()
        .asString()
        .startsWith("Left out: 3 images that repeat the image of the same name one folder above");
  }

  @Test
  void readsSeveralDatasetsBelowOneFolder() throws IOException {
    writeFile("a/train/NORMAL/IM-0001-0001.jpeg");
    writeFile("b/test/viral pneumonia/1.jpeg");
    assertThat(open(ValidationSplitRule.DEFAULT).xrays())
        .extracting(x -> x.id() + " " + x.finding() + " " + x.split())
        .containsExactly(
            "a/train/NORMAL/IM-0001-0001.jpeg NORMAL train",
            "b/test/viral pneumonia/1.jpeg VIRAL_PNEUMONIA test");
  }

  @ParameterizedTest
  @ValueSource(strings = {"val", "valid", "Validation"})
  void readsTheValidationSplitUnderItsNames(String name) throws IOException {
    writeTrainImages(1, 3);
    writeFile(name + "/NORMAL/IM-0001-0001.jpeg");
    assertThat(open(FROM_FOLDER).inSplit(Split.VALIDATION)).hasSize(1);
  }

  @Test
  void rejectsFoldersOfUnknownClassesWithTheWayOut() throws IOException {
    writeTrainImages(1, 3);
    writeFile("train/COVID/1.png");
    writeFile("test/COVID/2.png");
    writeFile("test/Lung_Opacity/2.png");
    assertThatThrownBy(() -> open(ValidationSplitRule.DEFAULT))
        .isExactlyInstanceOf(UserErrorException.class)
        .hasMessageContaining("found COVID (2 images), Lung_Opacity (1 image) in " + root)
        .hasMessageContaining("--classes PNEUMONIA,COVID,Lung_Opacity")
        .hasMessageContaining("--ignore COVID --ignore Lung_Opacity.");
    DatasetIndex index = read(ClassNames.BUILT_IN, List.of("COVID", "test/Lung_Opacity/"));
    assertThat(index.xrays()).hasSize(3);
    assertThat(index.notices())
        .containsExactly(
            "Ignored on request: 2 images in COVID.",
            "Ignored on request: 1 image in test/Lung_Opacity.");
    assertThatThrownBy(() -> read(ClassNames.BUILT_IN, List.of("Covid-19")))
        .hasMessageContaining("none named 'Covid-19'");
  }

  @Test
  void rejectsFoldersOfNoSplitBesideSplits() throws IOException {
    writeTrainImages(1, 3);
    writeFile("dev/NORMAL/1.png");
    assertThatThrownBy(() -> open(ValidationSplitRule.DEFAULT))
        .isExactlyInstanceOf(UserErrorException.class)
        .hasMessageContaining("found dev (1 image)")
        .hasMessageContaining("--ignore dev.");
  }

  @Test
  void readsClassesOfOnesOwn() throws IOException {
    writeFile("train/healthy/1.png");
    writeFile("train/TB/person1_bacteria_1.png");
    writeFile("test/Pneumonia/person1_virus_1.png");
    assertThatThrownBy(() -> open(ValidationSplitRule.DEFAULT))
        .hasMessageContaining("--classes healthy,Pneumonia,TB");
    assertThat(read(ClassNames.parse("healthy,TB=tuberculosis,pneumonia"), List.of()).xrays())
        .extracting(x -> x.finding().name())
        .containsExactly("tuberculosis", "healthy", "pneumonia");
    assertThat(read(ClassNames.parse("healthy=normal,tb=pneumonia"), List.of("Pneumonia")).xrays())
        .extracting(Xray::finding)
        .containsExactly(Finding.BACTERIAL_PNEUMONIA, Finding.NORMAL);
  }

  @Test
  void namesTheClassesOfADatasetWithoutBuiltInOnes() throws IOException {
    writeFile("cats/1.png");
    writeFile("dogs/1.png");
    assertThatThrownBy(() -> open(ValidationSplitRule.DEFAULT))
        .hasMessageContaining("found cats (1 image), dogs (1 image)")
        .hasMessageContaining("--classes cats,dogs");
  }

  private DatasetIndex read(ClassNames names, List<String> ignored) throws IOException {
    return DatasetReader.read(
        root.toString(),
        Optional.empty(),
        new DatasetOptions(ValidationSplitRule.DEFAULT, names, ignored, Optional.empty(), 1));
  }

  @Test
  void rejectsClassFoldersWithoutImages() throws IOException {
    writeFile("train/NORMAL/readme.txt");
    Files.createDirectories(root.resolve("train/PNEUMONIA"));
    assertRejected("found no JPEG, PNG or TIFF image in " + root);
  }

  @Test
  void putsClassFoldersWithoutSplitsIntoTrain() throws IOException {
    writeFile("NORMAL/IM-0001-0001.jpeg");
    writeFile("PNEUMONIA/person1_virus_1.tiff");
    writeFile("README.txt");
    DatasetIndex index = open(ValidationSplitRule.DEFAULT);
    assertThat(index.inSplit(Split.TRAIN))
        .extracting(x -> x.patient() + " " + x.finding())
        .containsExactly("IM-0001 NORMAL", "person1 VIRAL_PNEUMONIA");
    assertThat(index.notices())
        .containsExactly(
            "The dataset has no splits: all its images are for training. `split` divides them.");
  }

  @Test
  void rejectsFolderRuleWithoutValFolder() throws IOException {
    writeTrainImages(1, 3);
    assertThatThrownBy(() -> open(FROM_FOLDER))
        .isInstanceOf(UsageErrorException.class)
        .hasMessageContaining("a validation split in " + root);
  }

  private void assertRejected(String found) {
    assertThatThrownBy(() -> open(ValidationSplitRule.DEFAULT))
        .isExactlyInstanceOf(UserErrorException.class)
        .hasMessageStartingWith("Expected a folder with train/NORMAL, train/PNEUMONIA")
        .hasMessageContaining(found)
        .hasMessageContaining("Give the folder that contains train and test");
  }

  private DatasetIndex open(ValidationSplitRule rule) throws IOException {
    return DatasetReader.read(root.toString(), rule);
  }

  private static Set<String> patients(DatasetIndex index, Split split) {
    List<Xray> xrays = index.inSplit(split);
    return xrays.stream().map(Xray::patient).collect(Collectors.toSet());
  }

  private void writeTrainImages(int first, int last) throws IOException {
    for (int i = first; i <= last; i++) {
      writeFile("train/PNEUMONIA/person%d_bacteria_%d.jpeg".formatted(i, i));
    }
  }

  private void writeValImages(int count) throws IOException {
    for (int i = 1; i <= count; i++) {
      writeFile("val/NORMAL/IM-%04d-0001.jpeg".formatted(i));
    }
  }

  private void writeFile(String name) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.createFile(file);
  }
}
