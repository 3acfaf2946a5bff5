package dev.cxr.data.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DicomKindTest {

  private static final int MEDIA_STORAGE_SOP_CLASS = 0x0002_0002;
  private static final int SOP_CLASS = 0x0008_0016;
  private static final int PRIVATE = 0x0009_1001;
  private static final GrayImage IMAGE = new GrayImage(16, 16, new byte[256]);

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "1.2.840.10008.1.3.10, DIRECTORY",
    "1.2.840.10008.5.1.4.1.1.11.1, PRESENTATION_STATE",
    "1.2.840.10008.5.1.4.1.1.88.59, STRUCTURED_REPORT",
    "1.2.840.10008.5.1.4.1.1.104.1, ENCAPSULATED_DOCUMENT",
    "1.2.840.10008.5.1.4.1.1.9.1.1, WAVEFORM",
    "1.2.840.10008.5.1.4.1.1.481.5, NO_PIXELS",
    "1.2.3.4711, NO_PIXELS"
  })
  void namesObjectsWithoutPixels(String sopClass, DicomKind kind) throws IOException {
    assertThat(kind(new DicomBuilder(DicomBuilder.EXPLICIT).text(SOP_CLASS, "UI", sopClass)))
        .isEqualTo(kind);
  }

  @Test
  void readsSopClassOfFileMetaInformation() throws IOException {
    byte[] file = new DicomBuilder(DicomBuilder.EXPLICIT).bytes();
    DicomBuilder meta =
        new DicomBuilder(DicomBuilder.EXPLICIT)
            .text(MEDIA_STORAGE_SOP_CLASS, "UI", "1.2.840.10008.1.3.10");
    byte[] element = Arrays.copyOf(meta.dataSet(), 28);
    var joined = new byte[file.length + element.length];
    System.arraycopy(file, 0, joined, 0, 132);
    System.arraycopy(element, 0, joined, 132, element.length);
    System.arraycopy(file, 132, joined, 132 + element.length, file.length - 132);
    assertThat(kind(joined)).isEqualTo(DicomKind.DIRECTORY);
  }

  @Test
  void callsImagesImages() throws IOException {
    DicomBuilder image = DicomBuilder.of(DicomBuilder.EXPLICIT, IMAGE);
    assertThat(kind(image)).isEqualTo(DicomKind.IMAGE);
    assertThat(kind(image.text(SOP_CLASS, "UI", "1.2.840.10008.5.1.4.1.1.1")))
        .isEqualTo(DicomKind.IMAGE);
    assertThat(kind(image.without(DicomBuilder.PIXELS))).isEqualTo(DicomKind.IMAGE);
  }

  @Test
  void leavesDamagedFilesToTheDecoder() throws IOException {
    byte[] file = new DicomBuilder(DicomBuilder.EXPLICIT).bytes();
    assertThat(kind(file)).isEqualTo(DicomKind.NO_PIXELS);
    assertThat(kind(Arrays.copyOf(file, file.length - 1))).isEqualTo(DicomKind.IMAGE);
  }

  @Test
  void rejectsOtherFormats() throws IOException {
    assertThat(kind(new byte[0])).isEqualTo(DicomKind.NOT_DICOM);
    assertThat(kind(new byte[100_000])).isEqualTo(DicomKind.NOT_DICOM);
  }

  @Test
  void readsAtMostFourMebibytes() throws IOException {
    DicomBuilder file = new DicomBuilder(DicomBuilder.EXPLICIT);
    assertThat(kind(file.value(PRIVATE, "OB", new byte[100_000]))).isEqualTo(DicomKind.NO_PIXELS);
    assertThat(kind(file.value(PRIVATE, "OB", new byte[4 << 20]))).isEqualTo(DicomKind.IMAGE);
  }

  private DicomKind kind(DicomBuilder file) throws IOException {
    return kind(file.bytes());
  }

  private DicomKind kind(byte[] file) throws IOException {
    return DicomMetadata.kind(Files.write(folder.resolve("file"), file));
  }
}
