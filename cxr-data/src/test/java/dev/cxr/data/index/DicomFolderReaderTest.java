package dev.cxr.data.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.files.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DicomFolderReaderTest {

  @TempDir private Path root;

  @Test
  void takesFindingAndSplitFromFolderNamesAtAnyDepth() throws IOException {
    dicom("train/NORMAL/study1/series1/I0001", "A");
    dicom("train/Pneumonia/study2/I0001", "B");
    dicom("train/VIRAL_PNEUMONIA/I0002", "B");
    dicom("test/PNEUMONIA/bacteria_7.dcm", "C");
    Files.writeString(root.resolve("train/NORMAL/study1/report.txt"), "free text");
    Files.writeString(root.resolve("train/NORMAL/preview.jpg"), "a preview");

    DatasetIndex index = open();

    assertThat(index.patientIdSource()).isEqualTo(PatientIdSource.METADATA);
    assertThat(index.xrays())
        .extracting(x -> x.id() + " " + x.finding())
        .containsExactlyInAnyOrder(
            "train/NORMAL/study1/series1/I0001 NORMAL",
            "train/Pneumonia/study2/I0001 PNEUMONIA",
            "train/VIRAL_PNEUMONIA/I0002 VIRAL_PNEUMONIA",
            "test/PNEUMONIA/bacteria_7.dcm BACTERIAL_PNEUMONIA");
    assertThat(index.inSplit(Split.TEST)).hasSize(1);
    assertThat(index.notices())
        .containsExactly(
            "Left out: 1 JPEG, PNG or TIFF image beside 4 DICOM images; --format folder reads them"
                + " instead.",
            "Left out: 1 file that is no JPEG, PNG, TIFF or DICOM"
                + " (train/NORMAL/study1/report.txt).");
  }

  @Test
  void groupsImagesByPatientId() throws IOException {
    dicom("NORMAL/person1_a", "4711");
    dicom("NORMAL/person2_b", "4711 ");
    dicom("PNEUMONIA/person1_c", "0815");
    assertThat(open().xrays()).extracting(Xray::patient).doesNotContain("person1");
    assertThat(open().xrays().stream().map(Xray::patient).distinct()).hasSize(2);
  }

  @Test
  void indexContainsNoPartOfPatientId() throws IOException {
    dicom("NORMAL/b", "SECRET");
    dicom("NORMAL/a", "4711");
    assertThat(open().xrays())
        .extracting(Xray::patient)
        .containsExactly("patient-1", "patient-2"); // no hash either: short numbers are soon tried
    assertThat(open().toString()).doesNotContain("SECRET").doesNotContain(Sha256.hex("SECRET"));
  }

  @Test
  void addingImagesMovesNoPatientToAnotherSplit() throws IOException {
    for (int i = 10; i < 60; i++) {
      dicom("NORMAL/" + i, "P" + i);
    }
    List<String> before = validationIds();
    assertThat(before).isNotEmpty();
    dicom("NORMAL/1", "A");
    dicom("NORMAL/9", "B");
    assertThat(validationIds()).containsAll(before);
  }

  private List<String> validationIds() throws IOException {
    return open().inSplit(Split.VALIDATION).stream().map(Xray::id).toList();
  }

  @Test
  void treatsMissingPatientIdAsSeparatePatient() throws IOException {
    dicom("NORMAL/a", "");
    dicom("NORMAL/b", "");
    assertThat(open().xrays()).extracting(Xray::patient).containsExactly("NORMAL/a", "NORMAL/b");
    assertThat(open().notices())
        .containsExactly(
            "The dataset has no splits: all its images are for training. `split` divides them.",
            "2 images have no patient id and count as separate patients.");
  }

  @Test
  void takesFindingFromFileNameWithoutClassFolders() throws IOException {
    dicom("normal_1.dcm", "A");
    dicom("chest_virus.dcm", "B");
    dicom("bacteria.dcm", "C");
    dicom("pneumonia-3", "D");
    dicom("abnormal_1.dcm", "E");
    assertThat(open().xrays())
        .extracting(x -> x.id() + " " + x.finding())
        .containsExactlyInAnyOrder(
            "normal_1.dcm NORMAL",
            "chest_virus.dcm VIRAL_PNEUMONIA",
            "bacteria.dcm BACTERIAL_PNEUMONIA",
            "pneumonia-3 PNEUMONIA");
  }

  @Test
  void separatesPatientsIfTheIdIsAPlaceholder() throws IOException {
    dicom("NORMAL/a", "ANONYMOUS");
    dicom("NORMAL/b", "anonymous");
    assertThat(open().xrays()).extracting(Xray::patient).containsExactly("NORMAL/a", "NORMAL/b");
    assertThat(open().notices())
        .contains("The patient id of 2 images is a placeholder such as ANONYMOUS or NaN.");
  }

  @Test
  void separatesPatientsIfAllImagesHaveOneId() throws IOException {
    for (int i = 0; i < 10; i++) {
      dicom("NORMAL/" + i, "4711");
    }
    assertThat(open().xrays().stream().map(Xray::patient).distinct()).hasSize(10);
    assertThat(open().notices())
        .anyMatch(notice -> notice.startsWith("All 10 images have the same patient id"));
  }

  @Test
  void rejectsFolderWithoutFindings() throws IOException {
    dicom("study/I0001", "A");
    assertThatThrownBy(this::open)
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("folders of the classes NORMAL, ")
        .hasMessageContaining("study (1 image)")
        .hasMessageContaining(".csv manifest");
  }

  @Test
  void readsTheMoreFrequentFormatUnlessOneIsGiven() throws IOException {
    dicom("train/NORMAL/a.dcm", "A");
    Files.createFile(root.resolve("train/NORMAL/b.png"));
    assertThat(open().xrays()).extracting(Xray::id).containsExactly("train/NORMAL/a.dcm");
    Files.createFile(root.resolve("train/NORMAL/c.png"));
    assertThat(open().xrays())
        .extracting(Xray::id)
        .containsExactly("train/NORMAL/b.png", "train/NORMAL/c.png");
    assertThat(
            DatasetReader.read(
                    root.toString(), Optional.of(DatasetFormat.DICOM), DatasetOptions.DEFAULT)
                .xrays())
        .extracting(Xray::id)
        .containsExactly("train/NORMAL/a.dcm");
  }

  @Test
  void followsLinkToRootAndReportsLinkedFolders() throws IOException {
    dicom("train/NORMAL/a", "A");
    Files.createSymbolicLink(root.resolve("train/PNEUMONIA"), root.resolve("train/NORMAL"));
    Path link = Files.createSymbolicLink(root.resolve("link"), root.resolve("train"));
    DatasetIndex index = DatasetReader.read(link.toString(), ValidationSplitRule.DEFAULT);
    assertThat(index.xrays()).extracting(Xray::id).containsExactly("NORMAL/a");
    assertThat(index.xrays().get(0).source())
        .isEqualTo(new ImageSource.FileSource(link.resolve("NORMAL/a")));
    assertThat(index.notices())
        .anyMatch(notice -> notice.contains("1 link to what is already found (PNEUMONIA)"));
  }

  @Test
  void anotherWindowIsAnotherImage() throws IOException {
    dicom("NORMAL/a", "A");
    DatasetIndex index =
        DatasetReader.read(
            root.toString(),
            Optional.empty(),
            new DatasetOptions(
                ValidationSplitRule.DEFAULT, ClassNames.BUILT_IN, List.of(), Optional.empty(), 2));
    ImageSource second = index.xrays().get(0).source();
    assertThat(second).isEqualTo(new ImageSource.FileSource(root.resolve("NORMAL/a"), 2));
    assertThat(second.versionStamp()).isNotEqualTo(open().xrays().get(0).source().versionStamp());
  }

  private DatasetIndex open() throws IOException {
    return DatasetReader.read(root.toString(), ValidationSplitRule.DEFAULT);
  }

  /** A header with Patient ID and Rows, in Explicit VR Little Endian, and nothing more. */
  private void dicom(String name, String patientId) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[128]);
    out.writeBytes("DICM".getBytes(StandardCharsets.US_ASCII));
    element(out, 0x02, 0x10, "UI", "1.2.840.10008.1.2.1\0");
    element(out, 0x10, 0x20, "LO", patientId.length() % 2 == 0 ? patientId : patientId + " ");
    element(out, 0x28, 0x10, "US", "\1\0");
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, out.toByteArray());
  }

  private static void element(
      ByteArrayOutputStream out, int group, int number, String kind, String value) {
    out.writeBytes(new byte[] {(byte) group, 0, (byte) number, 0});
    out.writeBytes(kind.getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(new byte[] {(byte) value.length(), 0});
    out.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
  }
}
