package dev.cxr.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DicomMetadataTest {

  private static final GrayImage IMAGE = new GrayImage(16, 16, new byte[256]);

  @TempDir private Path folder;

  @Test
  void detectsDicomByMagicBytes() throws IOException {
    byte[] file = DicomBuilder.of(DicomBuilder.EXPLICIT, IMAGE).bytes();
    assertThat(DicomMetadata.isDicom(write(file))).isTrue();
    assertThat(DicomMetadata.isDicom(write(Arrays.copyOf(file, 132)))).isTrue();
    assertThat(DicomMetadata.isDicom(write(Arrays.copyOf(file, 131)))).isFalse();
    assertThat(DicomMetadata.isDicom(write(new byte[0]))).isFalse();
    Arrays.fill(file, 0, 128, (byte) 'x');
    assertThat(DicomMetadata.isDicom(write(file))).isTrue();
    assertThat(ImageDecoder.decode(file)).isEqualTo(IMAGE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        DicomBuilder.EXPLICIT,
        DicomBuilder.IMPLICIT,
        DicomBuilder.JPEG,
        "1.2.840.10008.1.2.4.90"
      })
  void readsPatientIdWithoutReadingPixels(String syntax) throws IOException {
    byte[] file = DicomBuilder.of(syntax, IMAGE).without(DicomBuilder.PIXELS).bytes();
    assertThat(DicomMetadata.patientId(write(file))).contains("ID-4711");
  }

  @Test
  void returnsEmptyForMissingOrBlankPatientId() throws IOException {
    DicomBuilder file = DicomBuilder.of(DicomBuilder.EXPLICIT, IMAGE);
    assertThat(
            DicomMetadata.patientId(write(file.text(DicomBuilder.PATIENT_ID, "LO", "  ").bytes())))
        .isEmpty();
    assertThat(DicomMetadata.patientId(write(file.without(DicomBuilder.PATIENT_ID).bytes())))
        .isEmpty();
  }

  @Test
  void keepsPatientIdsDistinct() throws IOException {
    DicomBuilder file = DicomBuilder.of(DicomBuilder.EXPLICIT, IMAGE);
    byte[] padded = file.text(DicomBuilder.PATIENT_ID, "LO", " M\u00FCller-1\0").bytes();
    assertThat(DicomMetadata.patientId(write(padded))).contains("M\u00FCller-1");
    byte[] other = file.text(DicomBuilder.PATIENT_ID, "LO", "M\u00FDller-1").bytes();
    assertThat(DicomMetadata.patientId(write(other))).contains("M\u00FDller-1");
  }

  @Test
  void searchesPatientIdOnlyInFirstMebibytes() throws IOException {
    DicomBuilder file =
        DicomBuilder.of(DicomBuilder.EXPLICIT, IMAGE).value(0x0009_1001, "OB", new byte[5 << 20]);
    Path path = write(file.bytes());
    assertThatThrownBy(() -> DicomMetadata.patientId(path))
        .isInstanceOf(InvalidImageException.class)
        .hasMessageStartingWith(path.toString())
        .hasMessageContaining("the end after byte 4194304");
    assertThat(ImageDecoder.decode(path)).isEqualTo(IMAGE);
  }

  @Test
  void readsOnlyBeginningOfHugeFile() throws IOException {
    Path path = write(DicomBuilder.of(DicomBuilder.EXPLICIT, IMAGE).bytes());
    try (var channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[1]), 8L << 30); // sparse
    }
    assertThat(DicomMetadata.isDicom(path)).isTrue();
    assertThat(DicomMetadata.patientId(path)).contains("ID-4711");
  }

  @Test
  void rejectsPatientIdOfOtherFormats() throws IOException {
    Path path = write(TestFiles.png(TestFiles.testScene(10)));
    assertThatThrownBy(() -> DicomMetadata.patientId(path))
        .isInstanceOf(InvalidImageException.class)
        .hasMessageStartingWith(path.toString())
        .hasMessageContaining("expected a DICOM file");
  }

  @Test
  void messagesContainNoPersonalData() throws IOException {
    String secret = "GEHEIM";
    DicomBuilder builder = DicomBuilder.of(DicomBuilder.EXPLICIT, IMAGE);
    for (int tag :
        new int[] {
          DicomBuilder.MODALITY,
          DicomBuilder.PATIENT_NAME,
          DicomBuilder.PATIENT_ID,
          DicomBuilder.PHOTOMETRIC,
          DicomBuilder.FRAMES,
          DicomBuilder.SLOPE,
          DicomBuilder.INTERCEPT,
          DicomBuilder.WINDOW_CENTER,
          DicomBuilder.WINDOW_WIDTH
        }) {
      builder.text(tag, "LO", secret);
      assertMessageOmits(secret, builder.bytes());
    }
    assertMessageOmits(secret, DicomBuilder.of(secret, IMAGE).bytes());
    byte[] file = builder.bytes();
    var random = new Random(7);
    for (int i = 0; i < 2000; i++) {
      byte[] changed = Arrays.copyOf(file, 140 + random.nextInt(file.length - 140));
      for (int flips = random.nextInt(4); flips > 0; flips--) {
        int at = 132 + random.nextInt(changed.length - 132);
        changed[at] ^= (byte) (1 << random.nextInt(8));
      }
      assertMessageOmits(secret, changed);
    }
  }

  private static void assertMessageOmits(String secret, byte[] file) throws IOException {
    var output = new StringWriter();
    try {
      ImageDecoder.decode(file);
    } catch (InvalidImageException e) {
      e.printStackTrace(new PrintWriter(output));
    }
    assertThat(output.toString()).doesNotContain(secret);
  }

  private Path write(byte[] file) throws IOException {
    return Files.write(folder.resolve("image"), file);
  }
}
