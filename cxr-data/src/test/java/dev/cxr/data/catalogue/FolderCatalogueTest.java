package dev.cxr.data.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.catalogue.ValidationRule.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of the persons 1 to 40 the default rule draws 5, 15, 22, 26, 28 and 31 for validation. */
class FolderCatalogueTest {

  private static final ValidationRule FROM_FOLDER = new ValidationRule(Source.FOLDER, 0.1, 0, 1);

  @TempDir private Path temporary;
  private Path root;

  @BeforeEach
  void nameTheFolder() {
    root = temporary.resolve("chest_xray");
  }

  @Test
  void theKaggleLayoutIsReadWithWhatLiesAroundInIt() throws IOException {
    train(1, 40);
    file("train/NORMAL/IM-0115-0001.jpeg");
    file("test/NORMAL/IM-0001-0001.jpeg");
    file("test/PNEUMONIA/person100_bacteria_1.jpeg");
    file("test/PNEUMONIA/person5_virus_1.jpeg");
    file(".DS_Store");
    file("train/.DS_Store");
    file("train/NORMAL/.DS_Store");
    file("train/NORMAL/._IM-0115-0001.jpeg");
    file("train/NORMAL/notes.txt");
    file("train/COVID/COVID-1.jpeg");
    file("validation/NORMAL/IM-0200-0001.jpeg");
    Files.createDirectories(root.resolve("train/PNEUMONIA/folder.png"));

    Catalogue catalogue = open(ValidationRule.DEFAULT);

    assertThat(catalogue.name()).isEqualTo("chest_xray");
    assertThat(catalogue.synthetic()).isFalse();
    assertThat(catalogue.splitRule()).isEqualTo(ValidationRule.DEFAULT.inWords());
    assertThat(catalogue.in(Split.TRAIN)).hasSize(35);
    assertThat(patients(catalogue, Split.VALIDATION))
        .containsExactlyInAnyOrder(
            "person5", "person15", "person22", "person26", "person28", "person31");
    assertThat(catalogue.in(Split.TEST))
        .extracting(Xray::id)
        .containsExactly(
            "test/NORMAL/IM-0001-0001.jpeg",
            "test/PNEUMONIA/person100_bacteria_1.jpeg",
            "test/PNEUMONIA/person5_virus_1.jpeg");
    assertThat(catalogue.notices())
        .singleElement()
        .asString()
        .startsWith("Ignored, being no picture with a finding: 8 entries")
        .contains("train/.DS_Store", "train/COVID");
  }

  @Test
  void anXrayTellsItsFileFindingPatientAndSplit() throws IOException {
    file("train/NORMAL/NORMAL2-IM-0381-0001.jpeg");
    assertThat(open(ValidationRule.DEFAULT).xrays())
        .containsExactly(
            new Xray(
                "train/NORMAL/NORMAL2-IM-0381-0001.jpeg",
                new PixelSource.ImageFile(root.resolve("train/NORMAL/NORMAL2-IM-0381-0001.jpeg")),
                Finding.NORMAL,
                "NORMAL2-IM-0381",
                Split.TRAIN));
  }

  @Test
  void theCauseOfAPneumoniaIsReadFromTheName() throws IOException {
    file("test/PNEUMONIA/person1_bacteria_2.jpeg");
    file("test/PNEUMONIA/VIRUS-30539-0001.jpeg");
    file("test/PNEUMONIA/PNEUMONIA-1-0001.jpeg");
    file("test/NORMAL/NORMAL-7-0001.jpeg");
    file("test/NORMAL/BACTERIA-8-0001.jpeg");
    assertThat(open(ValidationRule.DEFAULT).xrays())
        .extracting(x -> x.patient() + " " + x.finding())
        .containsExactlyInAnyOrder(
            "person1 BACTERIAL_PNEUMONIA",
            "30539 VIRAL_PNEUMONIA",
            "1 PNEUMONIA",
            "7 NORMAL",
            "8 NORMAL"); // the folder decides
  }

  @Test
  void namesThatTellNoPatientAreCountedAndEachIsAPatientOfItsOwn() throws IOException {
    file("train/NORMAL/1.jpeg");
    file("train/NORMAL/2.jpeg");
    file("train/PNEUMONIA/1.jpeg");
    file("train/PNEUMONIA/person1_virus_1.jpeg");
    Catalogue catalogue = open(ValidationRule.DEFAULT);
    assertThat(catalogue.xrays()).extracting(Xray::patient).doesNotHaveDuplicates().hasSize(4);
    assertThat(catalogue.notices())
        .singleElement()
        .asString()
        .startsWith("3 pictures tell no patient");
  }

  @Test
  void whereAllIsInPlaceThereIsNothingToNotice() throws IOException {
    train(1, 3);
    assertThat(open(ValidationRule.DEFAULT).notices()).isEmpty();
  }

  @Test
  void aSmallValFolderJoinsTrainAndThatIsSaid() throws IOException {
    train(1, 20);
    for (int i = 21; i <= 36; i++) {
      file("val/PNEUMONIA/person%d_bacteria_%d.jpeg".formatted(i, i));
    }
    Catalogue catalogue = open(ValidationRule.DEFAULT);
    assertThat(catalogue.xrays()).hasSize(36);
    assertThat(patients(catalogue, Split.VALIDATION))
        .containsExactlyInAnyOrder(
            "person5", "person15", "person22", "person26", "person28", "person31");
    assertThat(catalogue.splitRule()).isEqualTo(ValidationRule.DEFAULT.inWords());
    assertThat(catalogue.notices())
        .singleElement()
        .asString()
        .startsWith("The collection's own validation split of 16 pictures joins train");
  }

  @Test
  void theRuleCanAskForTheValFolderHoweverSmall() throws IOException {
    train(1, 20);
    file("val/PNEUMONIA/person3_virus_9.jpeg");
    file("val/NORMAL/IM-0001-0001.jpeg");
    Catalogue catalogue = open(FROM_FOLDER);
    assertThat(catalogue.splitRule()).isEqualTo("the collection's own validation split");
    assertThat(patients(catalogue, Split.VALIDATION))
        .containsExactlyInAnyOrder("person3", "IM-0001");
    assertThat(catalogue.in(Split.TRAIN)).hasSize(19);
    assertThat(patients(catalogue, Split.TRAIN)).doesNotContain("person3");
    assertThat(catalogue.notices())
        .singleElement()
        .asString()
        .startsWith("Left out of training: 1 picture ");
  }

  @Test
  void aValFolderOfAHundredIsUsedAsItIs() throws IOException {
    train(1, 20);
    val(100);
    Catalogue catalogue = open(ValidationRule.DEFAULT);
    assertThat(catalogue.splitRule()).isEqualTo("the collection's own validation split");
    assertThat(catalogue.in(Split.VALIDATION))
        .hasSize(100)
        .allMatch(x -> x.id().startsWith("val/"));
    assertThat(catalogue.in(Split.TRAIN)).hasSize(20);
    assertThat(catalogue.notices()).isEmpty();
  }

  @Test
  void anotherDrawThanTheDefaultTakesAValFolderApart() throws IOException {
    train(1, 20);
    val(100);
    Set<String> drawn = new HashSet<>();
    for (ValidationRule rule : ValidationRule.folds(5, 7)) {
      Catalogue catalogue = open(rule);
      assertThat(catalogue.splitRule()).isEqualTo(rule.inWords());
      assertThat(catalogue.notices())
          .singleElement()
          .asString()
          .startsWith("The collection's own validation split of 100 pictures joins train, as");
      assertThat(catalogue.in(Split.VALIDATION)).isNotEmpty().allMatch(x -> drawn.add(x.id()));
    }
    assertThat(drawn).hasSize(120);
  }

  @Test
  void aValFolderOfNinetyNineIsNot() throws IOException {
    train(1, 20);
    val(99);
    assertThat(open(ValidationRule.DEFAULT).splitRule())
        .isEqualTo(ValidationRule.DEFAULT.inWords());
  }

  @Test
  void folderAndFileNamesMayBeInAnyCase() throws IOException {
    file("Train/normal/IM-0001-0001.JPEG");
    file("Train/Pneumonia/PERSON1_Virus_1.Png");
    file("TEST/PNEUMONIA/person2_BACTERIA_1.jpg");
    assertThat(open(ValidationRule.DEFAULT).xrays())
        .extracting(x -> x.split() + " " + x.patient() + " " + x.finding())
        .containsExactlyInAnyOrder(
            "train IM-0001 NORMAL",
            "train person1 VIRAL_PNEUMONIA",
            "test person2 BACTERIAL_PNEUMONIA");
  }

  @Test
  void picturesComeInTheSameOrderBySplitThenId() throws IOException {
    for (int i : new int[] {31, 2, 17, 5, 11, 28, 1}) {
      file("train/PNEUMONIA/person%d_virus_1.jpeg".formatted(i));
      file("test/PNEUMONIA/person%d_virus_1.jpeg".formatted(1000 + i));
      file("train/NORMAL/IM-%04d-0001.jpeg".formatted(i));
    }
    for (Split split : Split.values()) {
      assertThat(open(ValidationRule.DEFAULT).in(split)).extracting(Xray::id).isSorted();
    }
    assertThat(open(ValidationRule.DEFAULT).xrays()).extracting(Xray::split).isSorted();
    assertThat(open(ValidationRule.DEFAULT)).isEqualTo(open(ValidationRule.DEFAULT));
  }

  @Test
  void aMissingPathIsRefused() {
    assertThatThrownBy(() -> open(ValidationRule.DEFAULT))
        .isInstanceOfSatisfying(
            UserErrorException.class, r -> assertThat(r.exitCode()).isEqualTo(1))
        .hasMessageStartingWith("Expected a collection of X-rays; found nothing at " + root);
  }

  @Test
  void aFileIsRefused() throws IOException {
    Files.createFile(root);
    refused("found the file " + root);
  }

  @Test
  void anEmptyFolderIsRefused() throws IOException {
    Files.createDirectory(root);
    refused("found " + root + " with nothing in it");
  }

  @Test
  void aFolderWithoutClassFoldersIsRefusedAndSaysWhatIsThere() throws IOException {
    file("chest_xray/train/NORMAL/IM-0001-0001.jpeg");
    file("__MACOSX/x");
    file("a");
    file("b");
    refused("found " + root + " with __MACOSX, a, b, … in it but no picture of a class");
  }

  @Test
  void classFoldersWithoutPicturesAreRefused() throws IOException {
    file("train/NORMAL/readme.txt");
    Files.createDirectories(root.resolve("train/PNEUMONIA"));
    refused("found " + root + " with train in it but no picture of a class");
  }

  @Test
  void classFoldersWithoutSplitsAreAllForTraining() throws IOException {
    file("NORMAL/IM-0001-0001.jpeg");
    file("PNEUMONIA/person1_virus_1.tiff");
    file("README.txt");
    Catalogue catalogue = open(ValidationRule.DEFAULT);
    assertThat(catalogue.in(Split.TRAIN))
        .extracting(x -> x.patient() + " " + x.finding())
        .containsExactly("IM-0001 NORMAL", "person1 VIRAL_PNEUMONIA");
    assertThat(catalogue.notices())
        .containsExactly(
            "The collection has no splits: all its pictures are for training.",
            "Ignored, being no picture with a finding: 1 entry (README.txt).");
  }

  @Test
  void aValFolderThatIsAskedForAndMissingIsRefused() throws IOException {
    train(1, 3);
    assertThatThrownBy(() -> open(FROM_FOLDER))
        .isInstanceOfSatisfying(
            UserErrorException.class, r -> assertThat(r.exitCode()).isEqualTo(2))
        .hasMessageContaining("a validation split in " + root);
  }

  private void refused(String found) {
    assertThatThrownBy(() -> open(ValidationRule.DEFAULT))
        .isInstanceOfSatisfying(
            UserErrorException.class, r -> assertThat(r.exitCode()).isEqualTo(1))
        .hasMessageStartingWith("Expected a folder with train/NORMAL, train/PNEUMONIA")
        .hasMessageContaining(found)
        .hasMessageContaining("Give the folder that holds train and test");
  }

  private Catalogue open(ValidationRule rule) throws IOException {
    return Catalogue.open(root.toString(), rule);
  }

  private static Set<String> patients(Catalogue catalogue, Split split) {
    List<Xray> xrays = catalogue.in(split);
    return xrays.stream().map(Xray::patient).collect(Collectors.toSet());
  }

  private void train(int first, int last) throws IOException {
    for (int i = first; i <= last; i++) {
      file("train/PNEUMONIA/person%d_bacteria_%d.jpeg".formatted(i, i));
    }
  }

  private void val(int count) throws IOException {
    for (int i = 1; i <= count; i++) {
      file("val/NORMAL/IM-%04d-0001.jpeg".formatted(i));
    }
  }

  private void file(String name) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.createFile(file);
  }
}
