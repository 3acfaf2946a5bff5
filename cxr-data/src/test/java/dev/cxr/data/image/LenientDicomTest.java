package dev.cxr.data.image;

import static dev.cxr.data.image.DicomBuilder.EXPLICIT;
import static dev.cxr.data.image.DicomBuilder.IMPLICIT;
import static dev.cxr.data.image.DicomBuilder.WINDOW_CENTER;
import static dev.cxr.data.image.DicomBuilder.WINDOW_WIDTH;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What merely breaks the letter of the standard is read, with a note. */
class LenientDicomTest {

  private static final GrayImage IMAGE = noise();

  @TempDir private Path folder;

  @Test
  void hasNoNotesOnValidFiles() throws IOException {
    for (String syntax :
        new String[] {EXPLICIT, IMPLICIT, DicomBuilder.BIG_ENDIAN, DicomBuilder.DEFLATED}) {
      assertThat(decode(new DicomBuilderOf(syntax).bytes()).notes()).isEmpty();
    }
    byte[] png = TestFiles.png(TestFiles.testScene(10));
    assertThat(decode(png).notes()).isEmpty();
  }

  @Test
  void ignoresWindowWithoutWidth() throws IOException {
    byte[] file =
        DicomBuilder.of(EXPLICIT, IMAGE)
            .text(WINDOW_CENTER, "DS", "9")
            .text(WINDOW_WIDTH, "DS", "0")
            .bytes();
    assertReads(file, DicomNotes.INVALID_WINDOW);
  }

  @Test
  void readsDecimalComma() throws IOException {
    byte[] file = DicomBuilder.of(EXPLICIT, IMAGE).text(DicomBuilder.SLOPE, "DS", "1,5").bytes();
    assertReads(file, DicomNotes.DECIMAL_COMMA);
  }

  @Test
  void readsUnknownVoiLutFunctionAsLinear() throws IOException {
    DicomBuilder file =
        DicomBuilder.of(EXPLICIT, IMAGE)
            .text(WINDOW_CENTER, "DS", "128")
            .text(WINDOW_WIDTH, "DS", "256")
            .text(DicomBuilder.VOI_FUNCTION, "CS", "CUBIC");
    assertReads(file.bytes(), DicomNotes.UNKNOWN_VOI_FUNCTION);
  }

  @Test
  void readsFirstOfSeveralFrames() throws IOException {
    byte[] pixels = Arrays.copyOf(IMAGE.pixels(), 3 * 4096);
    byte[] file =
        DicomBuilder.of(EXPLICIT, IMAGE)
            .pixels(pixels)
            .text(DicomBuilder.FRAMES, "IS", "3")
            .bytes();
    assertReads(file, DicomNotes.FRAMES);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ZZ", "??"})
  void skipsUnknownVr(String vr) throws IOException {
    DicomBuilder builder =
        DicomBuilder.of(EXPLICIT, IMAGE)
            .value(0x0009_1001, vr.equals("ZZ") ? "OB" : "SH", new byte[6]);
    byte[] file = builder.bytes();
    replace(file, new byte[] {9, 0, 1, 0x10}, 4, vr);
    assertReads(file, DicomNotes.UNKNOWN_VR);
  }

  @Test
  void readsDataSetInOtherEncodingThanNamed() throws IOException {
    for (String written : new String[] {EXPLICIT, IMPLICIT, DicomBuilder.BIG_ENDIAN}) {
      for (String named : new String[] {EXPLICIT, IMPLICIT}) {
        if (!named.equals(written)) {
          byte[] meta = Arrays.copyOf(new DicomBuilder(named).bytes(), metaEnd(named));
          assertReads(join(meta, new DicomBuilderOf(written).dataSet()), DicomNotes.OTHER_ENCODING);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {EXPLICIT, IMPLICIT, DicomBuilder.BIG_ENDIAN})
  void readsDataSetWithoutMetaInformation(String syntax) throws IOException {
    byte[] file =
        new DicomBuilderOf(syntax)
            .builder()
            .text(0x0008_0005, "CS", "ISO_IR 100")
            .text(0x0008_0016, "UI", "1.2.840.10008.5.1.4.1.1.1\0")
            .dataSet();
    assertReads(file, DicomNotes.NO_META);
    Path path = Files.write(folder.resolve("image"), file);
    assertThat(DicomMetadata.isDicom(path)).isTrue();
    assertThat(DicomMetadata.kind(path)).isEqualTo(DicomKind.IMAGE);
    assertThat(DicomMetadata.patientId(path)).contains("ID-4711");
  }

  @Test
  void doesNotTakeOtherFilesForDicom() throws IOException {
    byte[] file = DicomBuilder.of(EXPLICIT, IMAGE).dataSet(); // one element of group 0008
    assertThat(DicomHeader.startsWithElements(file)).isFalse();
    for (byte[] other : TestFiles.ofEveryFormat().values()) {
      assertThat(DicomHeader.startsWithElements(other)).isFalse();
    }
    var random = new Random(5);
    for (int i = 0; i < 100_000; i++) {
      var bytes = new byte[64];
      random.nextBytes(bytes);
      bytes[0] = 8;
      bytes[1] = 0;
      assertThat(DicomHeader.startsWithElements(bytes)).isFalse();
    }
  }

  /** A file of {@link #IMAGE}, with pixels in the byte order of its syntax. */
  private record DicomBuilderOf(String syntax) {
    DicomBuilder builder() {
      DicomBuilder builder = DicomBuilder.of(syntax, IMAGE);
      return syntax.equals(DicomBuilder.BIG_ENDIAN)
          ? builder.value(DicomBuilder.PIXELS, "OB", IMAGE.pixels())
          : builder;
    }

    byte[] bytes() {
      return builder().bytes();
    }

    byte[] dataSet() {
      return builder().dataSet();
    }
  }

  private static int metaEnd(String syntax) {
    return 132 + 8 + syntax.length() + syntax.length() % 2;
  }

  private static byte[] join(byte[] first, byte[] second) {
    var out = new ByteArrayOutputStream();
    out.writeBytes(first);
    out.writeBytes(second);
    return out.toByteArray();
  }

  private static void replace(byte[] file, byte[] tag, int offset, String text) {
    for (int i = 0; i + tag.length < file.length; i++) {
      if (Arrays.equals(file, i, i + tag.length, tag, 0, tag.length)) {
        file[i + offset] = (byte) text.charAt(0);
        file[i + offset + 1] = (byte) text.charAt(1);
        return;
      }
    }
    throw new IllegalArgumentException("no such tag");
  }

  private void assertReads(byte[] file, String note) throws IOException {
    DecodedImage decoded = decode(file);
    assertThat(decoded.image()).isEqualTo(IMAGE);
    assertThat(decoded.notes()).containsExactly(note);
  }

  private DecodedImage decode(byte[] file) throws IOException {
    return ImageDecoder.decodeWithNotes(Files.write(folder.resolve("file"), file), 1);
  }

  private static GrayImage noise() {
    var pixels = new byte[4096];
    new Random(4).nextBytes(pixels);
    return new GrayImage(64, 64, pixels);
  }
}
