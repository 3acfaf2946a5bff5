package dev.cxr.data.image;

import static dev.cxr.data.image.DicomBuilder.EXPLICIT;
import static dev.cxr.data.image.DicomBuilder.WINDOW_CENTER;
import static dev.cxr.data.image.DicomBuilder.WINDOW_WIDTH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From stored values to gray: lookup tables, windows, padding, palettes, square pixels. */
class DicomPresentationTest {

  private static final int SIDE = 64;

  @ParameterizedTest
  @ValueSource(strings = {EXPLICIT, DicomBuilder.IMPLICIT, DicomBuilder.BIG_ENDIAN})
  void appliesVoiLutBeforeWindow(String syntax) throws IOException {
    int[] lut = entries(600, i -> (int) Math.round(4095 * Math.sqrt(i / 599.0)));
    DicomBuilder file =
        ramp(syntax)
            .lut(DicomBuilder.VOI_LUT, 1000, 12, lut)
            .text(WINDOW_CENTER, "DS", "2048")
            .text(WINDOW_WIDTH, "DS", "100");
    assertGrays(file, v -> lut[Math.max(0, Math.min(599, v - 1000))] * 255.0 / 4095);
  }

  @Test
  void appliesModalityLutBeforeVoiLut() throws IOException {
    int[] modality = entries(4096, i -> 4095 - i);
    int[] voi = entries(256, i -> i);
    DicomBuilder file =
        ramp(EXPLICIT)
            .lut(DicomBuilder.MODALITY_LUT, 0, 12, modality)
            .lut(DicomBuilder.VOI_LUT, 100, 8, voi);
    assertGrays(file, v -> Math.max(0, Math.min(255, 4095 - v - 100)));
  }

  @Test
  void spreadsBitsOfModalityLutWithoutWindow() throws IOException {
    int[] modality = entries(4096, i -> i * 16);
    assertGrays(
        ramp(EXPLICIT).lut(DicomBuilder.MODALITY_LUT, 0, 16, modality),
        v -> v * 16 * 255.0 / 65_535);
  }

  @Test
  void readsLutWhoseFirstValueIsNegative() throws IOException {
    int[] lut = entries(100, i -> i * 655);
    DicomBuilder file =
        ramp(DicomBuilder.IMPLICIT)
            .number(DicomBuilder.SIGNED, 1)
            .lut(DicomBuilder.VOI_LUT, -50, 16, lut);
    assertGrays(
        file, v -> lut[Math.max(0, Math.min(99, (v < 2048 ? v : v - 4096) + 50))] * 255.0 / 65_535);
  }

  @Test
  void ignoresEmptySequences() throws IOException {
    for (int sequence : new int[] {DicomBuilder.MODALITY_LUT, DicomBuilder.VOI_LUT}) {
      assertGrays(ramp(EXPLICIT).items(sequence, "SQ"), v -> v * 255.0 / 4095);
      assertGrays(ramp(EXPLICIT).value(sequence, "SQ", new byte[0]), v -> v * 255.0 / 4095);
      assertGrays(
          ramp(EXPLICIT).items(sequence, "SQ", DicomBuilder.item(new byte[0])),
          v -> v * 255.0 / 4095);
    }
  }

  @Test
  void rejectsLutWithoutItsEntries() {
    byte[] item =
        new DicomBuilder(EXPLICIT)
            .numbers(DicomBuilder.LUT_DESCRIPTOR, 4096, 0, 16)
            .value(DicomBuilder.LUT_DATA, "OW", new byte[100])
            .dataSet();
    DicomBuilder file = ramp(EXPLICIT).items(DicomBuilder.VOI_LUT, "SQ", DicomBuilder.item(item));
    assertThatThrownBy(() -> ImageDecoder.decode(file.bytes()))
        .isInstanceOf(InvalidImageException.class)
        .hasMessageContaining("4096 entries of 16 bits, found 100 bytes");
  }

  @ParameterizedTest
  @CsvSource({"LINEAR_EXACT, 2000, 0.5", "LINEAR_EXACT, 1000, 500", "SIGMOID, 2048, 1000"})
  void appliesVoiLutFunctions(String function, double center, double width) throws IOException {
    DicomBuilder file =
        ramp(EXPLICIT)
            .text(WINDOW_CENTER, "DS", center + "\\7")
            .text(WINDOW_WIDTH, "DS", width + "\\9")
            .text(DicomBuilder.VOI_FUNCTION, "CS", function);
    assertGrays(
        file,
        v ->
            function.equals("SIGMOID")
                ? 255 / (1 + Math.exp(-4 * (v - center) / width))
                : Math.max(0, Math.min(1, (v - center) / width + 0.5)) * 255);
  }

  @Test
  void appliesTheChosenWindow() throws IOException {
    byte[] both = windows("2048\\1000", "4096\\500");
    assertThat(ImageDecoder.decode(both)).isEqualTo(ImageDecoder.decode(windows("2048", "4096")));
    GrayImage second = ImageDecoder.decode(windows("1000", "500"));
    assertThat(ImageDecoder.decode(both, 1)).isNotEqualTo(second);
    assertThat(ImageDecoder.decode(both, 2)).isEqualTo(second);
    assertThat(ImageDecoder.decode(both, 3)).isEqualTo(second);
  }

  private static byte[] windows(String centers, String widths) {
    return ramp(EXPLICIT)
        .text(WINDOW_CENTER, "DS", centers)
        .text(WINDOW_WIDTH, "DS", widths)
        .bytes();
  }

  @Test
  void paddingIsBlack() throws IOException {
    DicomBuilder file =
        ramp(EXPLICIT)
            .text(DicomBuilder.PHOTOMETRIC, "CS", "MONOCHROME1")
            .number(DicomBuilder.PADDING, 10);
    assertGrays(file, v -> v == 10 ? 0 : 255 - Math.round(v * 255.0 / 4095));
    assertGrays(
        file.number(DicomBuilder.PADDING_LIMIT, 3),
        v -> v >= 3 && v <= 10 ? 0 : 255 - Math.round(v * 255.0 / 4095));
  }

  @Test
  void signedPaddingIsBlack() throws IOException {
    DicomBuilder file =
        ramp(EXPLICIT).number(DicomBuilder.SIGNED, 1).number(DicomBuilder.PADDING, -2000);
    assertGrays(
        file,
        v -> {
          int stored = v < 2048 ? v : v - 4096;
          return stored == -2000 ? 0 : (stored + 2048) * 255.0 / 4095;
        });
  }

  @Test
  void convertsPaletteToLuma() throws IOException {
    int[] red = entries(256, i -> i * 257);
    int[] green = entries(256, i -> (255 - i) * 257);
    int[] blue = entries(256, i -> i * i % 256 * 257);
    var pixels = new byte[SIDE * SIDE];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) i;
    }
    DicomBuilder file =
        DicomBuilder.of(EXPLICIT, new GrayImage(SIDE, SIDE, pixels))
            .text(DicomBuilder.PHOTOMETRIC, "CS", "PALETTE COLOR");
    int[][] colors = {red, green, blue};
    for (int i = 0; i < 3; i++) {
      file.numbers(0x0028_1101 + i, 256, 0, 16).numbers(0x0028_1201 + i, colors[i]);
    }
    byte[] gray = ImageDecoder.decode(file.bytes()).pixels();
    for (int i = 0; i < 256; i++) {
      double luma = (299.0 * red[i] + 587.0 * green[i] + 114.0 * blue[i]) / 1000 / 257;
      assertThat((double) (gray[i] & 0xFF)).isBetween(luma - 0.51, luma + 0.51);
    }
  }

  @Test
  void spreadsPartialLuma() throws IOException {
    var samples = new byte[SIDE * SIDE * 2];
    for (int i = 0; i < samples.length; i += 4) {
      samples[i] = 16;
      samples[i + 1] = (byte) 235;
    }
    byte[] file =
        DicomBuilder.of(EXPLICIT, new GrayImage(SIDE, SIDE, new byte[SIDE * SIDE]))
            .text(DicomBuilder.PHOTOMETRIC, "CS", "YBR_PARTIAL_422")
            .number(DicomBuilder.SAMPLES, 3)
            .pixels(samples)
            .bytes();
    assertThat(ImageDecoder.decode(file).pixels()).startsWith(0, 255, 0, 255);
  }

  @ParameterizedTest
  @CsvSource({
    "0x00280030, DS, 0.2\\0.1, 64, 128",
    "0x00280030, DS, 0.1\\0.15, 96, 64",
    "0x00181164, DS, '0,2\\0,1', 64, 128",
    "0x00280034, IS, 2\\1, 64, 128",
    "0x00280030, DS, 0.1\\0.1005, 64, 64",
    "0x00280030, DS, unknown, 64, 64",
    "0x00280030, DS, 0\\0, 64, 64"
  })
  void makesPixelsSquare(String tag, String vr, String spacing, int width, int height)
      throws IOException {
    byte[] file = ramp(EXPLICIT).text(Integer.decode(tag), vr, spacing).bytes();
    GrayImage image = ImageDecoder.decode(file);
    assertThat(image.width()).isEqualTo(width);
    assertThat(image.height()).isEqualTo(height);
    byte[] plain = ramp(EXPLICIT).bytes();
    assertThat(image).isEqualTo(Resampler.resize(ImageDecoder.decode(plain), width, height));
  }

  @Test
  void rejectsSizeOfSquarePixelsBeyondLimits() {
    byte[] file = ramp(EXPLICIT).text(DicomBuilder.PIXEL_SPACING, "DS", "1000\\1").bytes();
    assertThatThrownBy(() -> ImageDecoder.decode(file))
        .isInstanceOf(InvalidImageException.class)
        .hasMessageContaining("found 64x32767");
  }

  @Test
  void describesTheRule() {
    assertThat(DicomMetadata.PRESENTATION).contains("VOI LUT").endsWith(".");
  }

  private static int[] entries(int count, IntUnaryOperator entry) {
    return IntStream.range(0, count).map(entry).toArray();
  }

  /** All values of 12 bits. */
  private static DicomBuilder ramp(String syntax) {
    return new DicomBuilder(syntax)
        .number(DicomBuilder.COLUMNS, SIDE)
        .number(DicomBuilder.ROWS, SIDE)
        .number(DicomBuilder.BITS_ALLOCATED, 16)
        .number(DicomBuilder.BITS_STORED, 12)
        .number(DicomBuilder.HIGH_BIT, 11)
        .numbers(DicomBuilder.PIXELS, IntStream.range(0, SIDE * SIDE).toArray());
  }

  private static void assertGrays(DicomBuilder file, IntToDoubleFunction expected)
      throws IOException {
    byte[] gray = ImageDecoder.decode(file.bytes()).pixels();
    for (int i = 0; i < gray.length; i++) {
      assertThat(gray[i] & 0xFF)
          .as("value %d", i)
          .isEqualTo((int) Math.round(expected.applyAsDouble(i)));
    }
  }
}
