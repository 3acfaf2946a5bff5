package dev.cxr.data.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cxr.common.cli.UsageErrorException;
import dev.cxr.common.cli.UserErrorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelTableTest {

  private static final String NIH =
      """
      Image Index,Finding Labels,Follow-up #,Patient ID,Patient Age
      1.png,No Finding,0,1,58
      2.png,Pneumonia,1,1,58
      3.png,Infiltration|Pneumonia,0,2,81
      4.png,Hernia,0,3,81
      5.png,Mass|Pneumonia,0,4,81
      6.png,No Finding,0,5,81
      """;

  private static final String CHEXPERT =
      """
      Path,Sex,Age,Frontal/Lateral,AP/PA,No Finding,Edema,Pneumonia,Support Devices
      CheXpert-v1.0-small/train/patient00001/study1/view1_frontal.jpg,Female,1,Frontal,AP,1.0,,,
      CheXpert-v1.0-small/train/patient00002/study1/view1_frontal.jpg,Male,60,Frontal,PA,,0.0,1.0,1.0
      CheXpert-v1.0-small/train/patient00002/study1/view2_lateral.jpg,Male,60,Lateral,,,0.0,1.0,1.0
      CheXpert-v1.0-small/train/patient00003/study1/view1_frontal.jpg,Male,60,Frontal,PA,,1.0,-1.0,
      CheXpert-v1.0-small/valid/patient00004/study1/view1_frontal.jpg,Male,60,Frontal,PA,,,1.0,
      """;

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "SINGLE, 1.png NORMAL, 2.png PNEUMONIA, , 6.png NORMAL",
    "ANY, 1.png NORMAL, 2.png PNEUMONIA, 3.png PNEUMONIA, 6.png NORMAL"
  })
  void readsOneColumnOfLabels(
      LabelPolicy policy, String first, String second, String third, String last)
      throws IOException {
    for (int i : new int[] {1, 2, 3, 4, 6}) {
      touch("images_00%d/images/%d.png".formatted(i, i));
    }
    DatasetIndex index = read(NIH, "No Finding=NORMAL,Pneumonia=PNEUMONIA", policy);
    assertThat(index.xrays())
        .extracting(x -> x.id().replaceAll(".*/", "") + " " + x.finding())
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(first, second, third, last).filter(row -> row != null).toList());
    assertThat(index.xrays().stream().filter(x -> x.patient().equals("1"))).hasSize(2);
    assertThat(index.notices())
        .anyMatch(
            notice ->
                notice.startsWith("The table of NIH ChestX-ray14 is read with the label policy")
                    && notice.contains("1 without an image file"));
  }

  @ParameterizedTest
  @CsvSource({"ANY, 3", "ANY_UNCERTAIN_POSITIVE, 4", "ANY_UNCERTAIN_NEGATIVE, 3", "SINGLE, 2"})
  void readsAColumnForEachLabel(LabelPolicy policy, int images) throws IOException {
    for (String row : CHEXPERT.lines().skip(1).toList()) {
      touch(row.substring(row.indexOf('/') + 1, row.indexOf(',')));
    }
    DatasetIndex index = read(CHEXPERT, "No Finding=healthy,Pneumonia=sick", policy);
    assertThat(index.xrays()).hasSize(images);
    assertThat(index.inSplit(Split.VALIDATION)).extracting(Xray::patient).contains("patient00004");
    assertThat(index.notices()).anyMatch(notice -> notice.contains("1 with a lateral view"));
    assertThat(index.xrays()).extracting(x -> x.finding().name()).containsOnly("healthy", "sick");
  }

  @Test
  void oneOpacityOfAPatientIsEnough() throws IOException {
    for (String patient : List.of("a-1", "b-2", "c-3")) {
      touch("stage_2_train_images/" + patient + ".png");
    }
    String table =
        """
        patientId,x,y,width,height,Target
        a-1,,,,,0
        b-2,10,20,30,40,1
        b-2,50,60,70,80,1
        c-3,10,20,30,40,1
        """;
    assertThat(read(table, "0=NORMAL,1=PNEUMONIA", LabelPolicy.ANY).xrays())
        .extracting(x -> x.patient() + " " + x.finding())
        .containsExactlyInAnyOrder("a-1 NORMAL", "b-2 PNEUMONIA", "c-3 PNEUMONIA");
  }

  @Test
  void severalClassesOfOneImageLeaveItOut() throws IOException {
    for (int i = 1; i <= 6; i++) {
      touch(i + ".png");
    }
    DatasetIndex index = read(NIH, "No Finding,Pneumonia,Mass,Infiltration", LabelPolicy.ANY);
    assertThat(index.xrays())
        .extracting(Xray::id)
        .containsExactlyInAnyOrder("1.png", "2.png", "6.png");
    assertThat(index.notices())
        .anyMatch(
            notice ->
                notice.contains("1 without a label of a class, 2 with labels of several classes"));
  }

  @Test
  void refusesToGuess() throws IOException {
    Path table = Files.writeString(folder.resolve("Data_Entry_2017.csv"), NIH);
    assertThatThrownBy(
            () -> DatasetReader.read(table.toString(), Optional.empty(), DatasetOptions.DEFAULT))
        .isInstanceOf(UsageErrorException.class)
        .hasMessageContaining("NIH ChestX-ray14")
        .hasMessageContaining(
            "--classes 'No Finding=NORMAL,Pneumonia=PNEUMONIA' --label-policy any");
    assertThatThrownBy(() -> read(NIH, "No Finding,Pneumonia", LabelPolicy.ANY))
        .isExactlyInstanceOf(UserErrorException.class)
        .hasMessageContaining("0 images in classes, left out 6 without an image file");
  }

  private DatasetIndex read(String table, String classes, LabelPolicy policy) throws IOException {
    return DatasetReader.read(
        Files.writeString(folder.resolve("table.csv"), table).toString(),
        Optional.empty(),
        new DatasetOptions(
            ValidationSplitRule.DEFAULT,
            ClassNames.parse(classes),
            List.of(),
            Optional.of(policy),
            1));
  }

  private void touch(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.createFile(file);
  }
}
