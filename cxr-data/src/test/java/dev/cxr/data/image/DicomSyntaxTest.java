package dev.cxr.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Decodes every transfer syntax. */
class DicomSyntaxTest {

  private static final String ENCAPSULATED = "1.2.840.10008.1.2.1.98";
  private static final String JPEG_EXTENDED = "1.2.840.10008.1.2.4.51";
  private static final String JPEG_LOSSLESS = "1.2.840.10008.1.2.4.57";
  private static final String JPEG_LOSSLESS_FIRST_ORDER = "1.2.840.10008.1.2.4.70";
  private static final String JPEG_LS_LOSSLESS = "1.2.840.10008.1.2.4.80";
  private static final String JPEG_LS = "1.2.840.10008.1.2.4.81";
  private static final String JPEG_2000_LOSSLESS = "1.2.840.10008.1.2.4.90";
  private static final String JPEG_2000 = "1.2.840.10008.1.2.4.91";
  private static final String RLE = "1.2.840.10008.1.2.5";

  @Test
  void decodesJpegLs() throws IOException {
    assertDecodes(12, 1, 0, file(JPEG_LS_LOSSLESS, 12, 1, CodedImages.JPEG_LS));
    assertDecodes(12, 1, 2, file(JPEG_LS, 12, 1, CodedImages.JPEG_LS_NEAR));
    assertDecodes(8, 3, 0, file(JPEG_LS_LOSSLESS, 8, 3, CodedImages.JPEG_LS_SAMPLE));
    assertDecodes(8, 3, 0, file(JPEG_LS_LOSSLESS, 8, 3, CodedImages.JPEG_LS_LINE));
  }

  @Test
  void decodesLosslessJpeg() throws IOException {
    assertDecodes(16, 1, 0, file(JPEG_LOSSLESS_FIRST_ORDER, 16, 1, CodedImages.JPEG_LOSSLESS));
    assertDecodes(12, 1, 0, file(JPEG_LOSSLESS, 12, 1, CodedImages.JPEG_LOSSLESS_6));
    assertDecodes(8, 3, 0, file(JPEG_LOSSLESS, 8, 3, CodedImages.JPEG_LOSSLESS_RGB));
  }

  @Test
  void decodesExtendedJpegOfTwelveBits() throws IOException {
    assertDecodes(12, 1, 40, file(JPEG_EXTENDED, 12, 1, CodedImages.JPEG_EXTENDED));
  }

  @Test
  void decodesJpeg2000() throws IOException {
    assertDecodes(12, 1, 0, file(JPEG_2000_LOSSLESS, 12, 1, CodedImages.JPEG_2000_LOSSLESS));
    assertDecodes(8, 3, 0, file(JPEG_2000_LOSSLESS, 8, 3, CodedImages.JPEG_2000_RGB));
    assertDecodes(
        8,
        3,
        0,
        file(JPEG_2000_LOSSLESS, 8, 3, CodedImages.JPEG_2000_RGB)
            .text(DicomBuilder.PHOTOMETRIC, "CS", "YBR_RCT"));
    assertDecodes(12, 1, 400, file(JPEG_2000, 12, 1, CodedImages.JPEG_2000));
  }

  @Test
  void decodesJpeg2000InJp2Boxes() throws IOException {
    byte[] stream = CodedImages.bytes(CodedImages.JPEG_2000_LOSSLESS);
    byte[] boxes =
        HexFormat.of()
            .parseHex("0000000c6a5020200d0a870a000000146674797000000000000000000000000000000000");
    byte[] box = HexFormat.of().parseHex("000000006a703263");
    byte[] jp2 =
        ByteBuffer.allocate(32 + box.length + stream.length)
            .put(boxes, 0, 32)
            .put(box)
            .put(stream)
            .array();
    assertDecodes(12, 1, 0, CodedImages.dicom(JPEG_2000_LOSSLESS, 12, 1, jp2));
    assertRejected(CodedImages.dicom(JPEG_2000_LOSSLESS, 8, 3, jp2), "a JP2 file of colours");
  }

  @ParameterizedTest
  @CsvSource({"8, 1", "12, 1", "16, 1", "8, 3", "16, 3"})
  void decodesRle(int bits, int perPixel) throws IOException {
    assertDecodes(
        bits, perPixel, 0, CodedImages.dicom(RLE, bits, perPixel, CodedImages.rle(bits, perPixel)));
  }

  @ParameterizedTest
  @CsvSource({"8, 1", "12, 1", "8, 3"})
  void decodesEncapsulatedUncompressed(int bits, int perPixel) throws IOException {
    byte[] samples = bytes(CodedImages.samples(bits, perPixel), bits, ByteOrder.LITTLE_ENDIAN);
    assertDecodes(bits, perPixel, 0, CodedImages.dicom(ENCAPSULATED, bits, perPixel, samples));
  }

  @ParameterizedTest
  @CsvSource({"8, 1", "12, 1", "16, 1", "8, 3"})
  void decodesDeflatedAndBigEndian(int bits, int perPixel) throws IOException {
    int[] samples = CodedImages.samples(bits, perPixel);
    byte[] little = bytes(samples, bits, ByteOrder.LITTLE_ENDIAN);
    byte[] big = bytes(samples, bits, ByteOrder.BIG_ENDIAN);
    if (bits == 8) { // words of two samples
      for (int i = 0; i < big.length; i += 2) {
        byte first = big[i];
        big[i] = big[i + 1];
        big[i + 1] = first;
      }
    }
    assertDecodes(
        bits,
        perPixel,
        0,
        CodedImages.dicom(DicomBuilder.DEFLATED, bits, perPixel, little).pixels(little));
    assertDecodes(
        bits,
        perPixel,
        0,
        CodedImages.dicom(DicomBuilder.BIG_ENDIAN, bits, perPixel, big).pixels(big));
  }

  @Test
  void decodesFirstOfSeveralFrames() throws IOException {
    Map<String, byte[]> frames =
        Map.of(
            JPEG_LS_LOSSLESS,
            CodedImages.bytes(CodedImages.JPEG_LS),
            JPEG_LOSSLESS,
            CodedImages.bytes(CodedImages.JPEG_LOSSLESS_6),
            JPEG_2000_LOSSLESS,
            CodedImages.bytes(CodedImages.JPEG_2000_LOSSLESS),
            RLE,
            CodedImages.rle(12, 1));
    for (Map.Entry<String, byte[]> frame : frames.entrySet()) {
      byte[] coded = frame.getValue();
      byte[] file =
          CodedImages.dicom(frame.getKey(), 12, 1, coded)
              .text(DicomBuilder.FRAMES, "IS", "2")
              .items(
                  DicomBuilder.PIXELS,
                  "OB",
                  DicomBuilder.item(new byte[0]),
                  DicomBuilder.item(Arrays.copyOf(coded, 101)),
                  DicomBuilder.item(Arrays.copyOfRange(coded, 101, coded.length)),
                  DicomBuilder.item(coded))
              .bytes();
      assertDecodes(12, 1, 0, file);
    }
    byte[] samples = bytes(CodedImages.samples(8, 1), 8, ByteOrder.LITTLE_ENDIAN);
    byte[] two =
        CodedImages.dicom(DicomBuilder.EXPLICIT, 8, 1, samples)
            .text(DicomBuilder.FRAMES, "IS", "2")
            .pixels(Arrays.copyOf(samples, 2 * samples.length))
            .bytes();
    assertDecodes(8, 1, 0, two);
  }

  @Test
  void rejectsCodedImageOfDifferentSize() {
    DicomBuilder file = file(JPEG_LS_LOSSLESS, 12, 1, CodedImages.JPEG_LS);
    assertRejected(file.number(DicomBuilder.ROWS, 21), "a JPEG-LS image of 24x21");
    file = file(JPEG_LOSSLESS, 12, 1, CodedImages.JPEG_LOSSLESS_6);
    assertRejected(file.number(DicomBuilder.COLUMNS, 25), "a JPEG of 25x20");
    file =
        CodedImages.dicom(RLE, 8, 1, CodedImages.rle(8, 1)).number(DicomBuilder.BITS_ALLOCATED, 16);
    assertRejected(file, "2 RLE segments");
    file = file(JPEG_LS_LOSSLESS, 12, 1, CodedImages.JPEG_LS);
    assertRejected(file.number(DicomBuilder.BITS_ALLOCATED, 8), "at most 8 bits per sample");
  }

  @ParameterizedTest
  @ValueSource(strings = {RLE, JPEG_LS_LOSSLESS, JPEG_LOSSLESS, JPEG_EXTENDED, JPEG_2000})
  void rejectsEveryTruncationOfCodedData(String syntax) throws IOException {
    byte[] coded =
        switch (syntax) {
          case RLE -> CodedImages.rle(12, 1);
          case JPEG_LS_LOSSLESS -> CodedImages.bytes(CodedImages.JPEG_LS);
          case JPEG_2000 -> CodedImages.bytes(CodedImages.JPEG_2000_LOSSLESS);
          case JPEG_LOSSLESS -> CodedImages.bytes(CodedImages.JPEG_LOSSLESS_6);
          default -> CodedImages.bytes(CodedImages.JPEG_EXTENDED);
        };
    ImageDecoder.decode(CodedImages.dicom(syntax, 12, 1, coded).bytes());
    for (int length = 0; length < coded.length - 4; length++) {
      DicomBuilder file = CodedImages.dicom(syntax, 12, 1, Arrays.copyOf(coded, length));
      assertThatThrownBy(() -> ImageDecoder.decode(file.bytes()))
          .as("%d of %d bytes", length, coded.length)
          .isInstanceOf(InvalidImageException.class);
    }
  }

  @Test
  void boundsInflation() {
    var bomb = new byte[80 << 20];
    assertRejected(
        CodedImages.dicom(DicomBuilder.DEFLATED, 8, 1, bomb).pixels(bomb),
        "at most 67108864 bytes");
  }

  @Test
  void rejectsFewBytesOfManyPixels() {
    DicomBuilder file =
        file(JPEG_LS_LOSSLESS, 12, 1, CodedImages.JPEG_LS)
            .number(DicomBuilder.ROWS, 6000)
            .number(DicomBuilder.COLUMNS, 6000);
    assertRejected(file, "400 bytes that cannot hold them");
  }

  /** JJ2000 reads ones from them without end. */
  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void rejectsEndlessPacketHeaderOfJpeg2000() {
    byte[] coded = CodedImages.bytes(CodedImages.JPEG_2000_RGB);
    for (int from = 150; from < 200; from++) {
      byte[] damaged = coded.clone();
      Arrays.fill(damaged, from, coded.length - 2, (byte) 0xFF);
      DicomBuilder file = CodedImages.dicom(JPEG_2000_LOSSLESS, 8, 3, damaged);
      assertThatThrownBy(() -> ImageDecoder.decode(file.bytes()))
          .isInstanceOf(InvalidImageException.class);
    }
  }

  private static DicomBuilder file(String syntax, int bits, int perPixel, String base64) {
    return CodedImages.dicom(syntax, bits, perPixel, CodedImages.bytes(base64));
  }

  private static void assertRejected(DicomBuilder file, String message) {
    assertThatThrownBy(() -> ImageDecoder.decode(file.bytes()))
        .isInstanceOf(InvalidImageException.class)
        .hasMessageContaining(message);
  }

  private static void assertDecodes(int bits, int perPixel, int error, DicomBuilder file)
      throws IOException {
    assertDecodes(bits, perPixel, error, file.bytes());
  }

  /** Compares with the original samples, of which one may differ by {@code error}. */
  private static void assertDecodes(int bits, int perPixel, int error, byte[] file)
      throws IOException {
    int[] samples = CodedImages.samples(bits, perPixel);
    double largest = (1 << bits) - 1;
    byte[] gray = ImageDecoder.decode(file).pixels();
    for (int i = 0; i < gray.length; i++) {
      int at = i * perPixel;
      double luma =
          perPixel == 1
              ? samples[at]
              : Math.round(
                  (299 * samples[at] + 587 * samples[at + 1] + 114 * samples[at + 2]) / 1000.0);
      assertThat((double) (gray[i] & 0xFF))
          .as("pixel %d", i)
          .isBetween(
              Math.floor((luma - error) * 255 / largest + 0.5),
              Math.floor((luma + error) * 255 / largest + 0.5));
    }
  }

  private static byte[] bytes(int[] samples, int bits, ByteOrder order) {
    var bytes = ByteBuffer.allocate(samples.length * (bits > 8 ? 2 : 1)).order(order);
    for (int sample : samples) {
      if (bits > 8) {
        bytes.putShort((short) sample);
      } else {
        bytes.put((byte) sample);
      }
    }
    return bytes.array();
  }
}
