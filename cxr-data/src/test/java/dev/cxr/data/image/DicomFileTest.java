package dev.cxr.data.image;

import static dev.cxr.data.image.DicomBuilder.BITS_ALLOCATED;
import static dev.cxr.data.image.DicomBuilder.BITS_STORED;
import static dev.cxr.data.image.DicomBuilder.COLUMNS;
import static dev.cxr.data.image.DicomBuilder.EXPLICIT;
import static dev.cxr.data.image.DicomBuilder.FRAMES;
import static dev.cxr.data.image.DicomBuilder.HIGH_BIT;
import static dev.cxr.data.image.DicomBuilder.IMPLICIT;
import static dev.cxr.data.image.DicomBuilder.INTERCEPT;
import static dev.cxr.data.image.DicomBuilder.MODALITY;
import static dev.cxr.data.image.DicomBuilder.PHOTOMETRIC;
import static dev.cxr.data.image.DicomBuilder.PIXELS;
import static dev.cxr.data.image.DicomBuilder.PLANAR;
import static dev.cxr.data.image.DicomBuilder.ROWS;
import static dev.cxr.data.image.DicomBuilder.SAMPLES;
import static dev.cxr.data.image.DicomBuilder.SIGNED;
import static dev.cxr.data.image.DicomBuilder.SLOPE;
import static dev.cxr.data.image.DicomBuilder.WINDOW_CENTER;
import static dev.cxr.data.image.DicomBuilder.WINDOW_WIDTH;
import static dev.cxr.data.image.TestFiles.jpeg;
import static dev.cxr.data.image.TestFiles.testScene;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DicomFileTest {

  private static final int WIDTH = 64;
  private static final int HEIGHT = 64;
  private static final int PIXEL_COUNT = WIDTH * HEIGHT;

  @ParameterizedTest
  @ValueSource(strings = {EXPLICIT, IMPLICIT})
  void keepsEightBitValuesWithoutWindow(String syntax) throws IOException {
    assertThat(ImageDecoder.decode(DicomBuilder.of(syntax, noise()).bytes())).isEqualTo(noise());
  }

  @ParameterizedTest
  @ValueSource(strings = {EXPLICIT, IMPLICIT})
  void invertsMonochrome1(String syntax) throws IOException {
    byte[] file = DicomBuilder.of(syntax, noise()).text(PHOTOMETRIC, "CS", "MONOCHROME1").bytes();
    byte[] gray = ImageDecoder.decode(file).pixels();
    for (int i = 0; i < gray.length; i++) {
      assertThat(gray[i] & 0xFF).isEqualTo(255 - (noise().pixels()[i] & 0xFF));
    }
  }

  @ParameterizedTest
  @CsvSource({"12, 2048, 4096", "12, 1000, 100", "12, 40.5, 1", "16, 30000, 65536", "10, 0, 300"})
  void appliesWindowAsStandardLinearFunction(int bits, double centre, double width)
      throws IOException {
    byte[] file =
        ramp(bits)
            .text(WINDOW_CENTER, "DS", centre + "\\1")
            .text(WINDOW_WIDTH, "DS", width + "\\2")
            .bytes();
    assertGrays(file, bits, x -> window(x, centre, width));
  }

  @Test
  void appliesWindowToRescaledValues() throws IOException {
    byte[] file =
        ramp(12)
            .text(SLOPE, "DS", "-2.5")
            .text(INTERCEPT, "DS", " 1e2 ")
            .text(WINDOW_CENTER, "DS", "-3000")
            .text(WINDOW_WIDTH, "DS", "5000")
            .bytes();
    assertGrays(file, 12, x -> window(-2.5 * x + 100, -3000, 5000));
  }

  @Test
  void spreadsStoredBitsFromBlackToWhiteWithoutWindow() throws IOException {
    assertGrays(ramp(12).bytes(), 12, x -> x * 255 / 4095);
    assertGrays(ramp(12).text(SLOPE, "DS", "-1").bytes(), 12, x -> (4095 - x) * 255 / 4095);
    assertGrays(
        ramp(12).number(SIGNED, 1).bytes(),
        12,
        x -> ((x < 2048 ? x : x - 4096) + 2048) * 255 / 4095);
  }

  @Test
  void extendsSignOfSignedValues() throws IOException {
    byte[] file =
        ramp(12)
            .number(SIGNED, 1)
            .text(WINDOW_CENTER, "DS", "0")
            .text(WINDOW_WIDTH, "DS", "4096")
            .bytes();
    assertGrays(file, 12, x -> window(x < 2048 ? x : x - 4096, 0, 4096));
    byte[] bytes = DicomBuilder.of(EXPLICIT, noise()).number(SIGNED, 1).bytes();
    byte[] gray = ImageDecoder.decode(bytes).pixels();
    for (int i = 0; i < gray.length; i++) {
      assertThat(gray[i] & 0xFF).isEqualTo(noise().pixels()[i] + 128);
    }
  }

  @Test
  void ignoresBitsOutsideStoredBits() throws IOException {
    var samples = new short[PIXEL_COUNT];
    var random = new Random(8);
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (short) (random.nextInt(4) << 14 | (i % 4096) << 2 | random.nextInt(4));
    }
    byte[] file = DicomBuilder.of(WIDTH, HEIGHT, 12, samples).number(HIGH_BIT, 13).bytes();
    byte[] gray = ImageDecoder.decode(file).pixels();
    for (int i = 0; i < samples.length; i++) {
      assertThat(gray[i] & 0xFF).isEqualTo((int) Math.round(i % 4096 * 255 / 4095.0));
    }
  }

  @ParameterizedTest
  @CsvSource({"RGB, 0", "RGB, 1", "YBR_FULL, 0", "YBR_FULL, 1", "YBR_FULL_422, 0"})
  void convertsColourToLuma(String photometric, int planar) throws IOException {
    var samples = new byte[PIXEL_COUNT * 3];
    new Random(6).nextBytes(samples);
    byte[] file =
        DicomBuilder.of(EXPLICIT, noise())
            .text(PHOTOMETRIC, "CS", photometric)
            .text(WINDOW_CENTER, "DS", "10") // not for colour
            .text(WINDOW_WIDTH, "DS", "10")
            .number(SAMPLES, 3)
            .number(PLANAR, planar)
            .pixels(samples)
            .bytes();
    byte[] gray = ImageDecoder.decode(file).pixels();
    for (int i = 0; i < gray.length; i++) {
      int at = planar == 1 ? i : 3 * i;
      int step = planar == 1 ? PIXEL_COUNT : 1;
      double expected =
          switch (photometric) {
            case "RGB" ->
                (299 * (samples[at] & 0xFF)
                        + 587 * (samples[at + step] & 0xFF)
                        + 114 * (samples[at + 2 * step] & 0xFF))
                    / 1000.0;
            case "YBR_FULL" -> samples[at] & 0xFF;
            default -> samples[i / 2 * 4 + i % 2] & 0xFF;
          };
      assertThat(gray[i] & 0xFF).isEqualTo((int) Math.round(expected));
    }
  }

  @Test
  void decodesEncapsulatedJpegLikeJpegFile() throws IOException {
    byte[] gray = jpeg(testScene(BufferedImage.TYPE_BYTE_GRAY), false);
    byte[] colour = jpeg(testScene(BufferedImage.TYPE_INT_RGB), false);
    assertThat(ImageDecoder.decode(encapsulated(gray, 1).bytes()))
        .isEqualTo(ImageDecoder.decode(gray));
    assertThat(ImageDecoder.decode(encapsulated(colour, 3).bytes()))
        .isEqualTo(ImageDecoder.decode(colour));
    byte[] windowed =
        encapsulated(gray, 1)
            .text(PHOTOMETRIC, "CS", "MONOCHROME1")
            .text(WINDOW_CENTER, "DS", "100")
            .text(WINDOW_WIDTH, "DS", "120")
            .bytes();
    byte[] stored = ImageDecoder.decode(gray).pixels();
    byte[] shown = ImageDecoder.decode(windowed).pixels();
    for (int i = 0; i < stored.length; i++) {
      assertThat(shown[i] & 0xFF)
          .isEqualTo(255 - (int) Math.round(window(stored[i] & 0xFF, 100, 120)));
    }
  }

  @Test
  void rejectsJpegOfDifferentSize() throws IOException {
    byte[] gray = jpeg(testScene(BufferedImage.TYPE_BYTE_GRAY), false);
    assertRejected(encapsulated(gray, 1).number(ROWS, 31), "expected a JPEG of 40x31");
    assertRejected(encapsulated(gray, 3), "with 3 samples");
    assertRejected(encapsulated(gray, 1).number(BITS_STORED, 12), "8 bits per sample");
  }

  @ParameterizedTest
  @ValueSource(strings = {EXPLICIT, IMPLICIT})
  void skipsSequences(String syntax) throws IOException {
    DicomBuilder inner =
        new DicomBuilder(syntax).number(ROWS, 7).items(0x0008_1140, "SQ").pixels(new byte[10]);
    byte[] item = inner.dataSet();
    DicomBuilder middle =
        new DicomBuilder(syntax)
            .items(0x0008_1111, "SQ", DicomBuilder.openItem(item), DicomBuilder.item(item));
    byte[] file =
        DicomBuilder.of(syntax, noise())
            .items(0x0008_1115, "SQ", DicomBuilder.openItem(middle.dataSet()))
            .value(0x0008_1140, "SQ", DicomBuilder.item(item))
            .items(0x0088_0200, "SQ", DicomBuilder.item(item), DicomBuilder.openItem(item))
            .bytes();
    assertThat(ImageDecoder.decode(file)).isEqualTo(noise());
  }

  @Test
  void skipsSequenceOfUnknownVr() throws IOException {
    byte[] item = new DicomBuilder(IMPLICIT).number(ROWS, 7).dataSet();
    byte[] file =
        DicomBuilder.of(EXPLICIT, noise())
            .items(0x0009_1001, "UN", DicomBuilder.openItem(item), DicomBuilder.item(item))
            .bytes();
    assertThat(ImageDecoder.decode(file)).isEqualTo(noise());
  }

  @ParameterizedTest
  @CsvSource({"16, true", "17, false"})
  void limitsSequenceDepthToSixteen(int depth, boolean read) throws IOException {
    DicomBuilder nested = new DicomBuilder(EXPLICIT);
    for (int i = 1; i < depth; i++) {
      byte[] item = DicomBuilder.openItem(nested.dataSet());
      nested = new DicomBuilder(EXPLICIT).items(0x0008_1115, "SQ", item);
    }
    DicomBuilder file =
        DicomBuilder.of(EXPLICIT, noise())
            .items(0x0008_1115, "SQ", DicomBuilder.openItem(nested.dataSet()));
    if (read) {
      assertThat(ImageDecoder.decode(file.bytes())).isEqualTo(noise());
    } else {
      assertRejected(file, "sequences at most 16 deep");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1.2.840.10008.1.2.4.55, JPEG Full Progression",
    "1.2.840.10008.1.2.4.201, High-Throughput JPEG 2000 Lossless",
    "1.2.840.10008.1.2.4.203, High-Throughput JPEG 2000",
    "1.2.3.4711, an unknown one"
  })
  void rejectsUnsupportedTransferSyntaxByName(String uid, String name) {
    assertRejected(DicomBuilder.of(uid, noise()), "found %s:".formatted(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"CT", "MR", "US", "NM", "PT", "SR", "MG", "XA"})
  void rejectsOtherModalitiesByName(String modality) {
    assertRejected(
        DicomBuilder.of(EXPLICIT, noise()).text(MODALITY, "CS", modality), "found " + modality);
  }

  @ParameterizedTest
  @ValueSource(strings = {"CR", "DX", "DR", "RG", "OT", "SC", ""})
  void acceptsRadiographModalities(String modality) throws IOException {
    byte[] file = DicomBuilder.of(EXPLICIT, noise()).text(MODALITY, "CS", modality).bytes();
    assertThat(ImageDecoder.decode(file)).isEqualTo(noise());
    byte[] none = DicomBuilder.of(EXPLICIT, noise()).without(MODALITY).bytes();
    assertThat(ImageDecoder.decode(none)).isEqualTo(noise());
  }

  @Test
  void rejectsUnsupportedKindsByName() {
    assertRejected(noiseFile().text(PHOTOMETRIC, "CS", "CMYK"), "found CMYK");
    assertRejected(noiseFile().text(PHOTOMETRIC, "CS", "RGB"), "found RGB of 1 samples per pixel");
    assertRejected(
        noiseFile().without(PIXELS).value(0x7FE0_0008, "OW", new byte[4096 * 4]), "floating-point");
    assertRejected(noiseFile().number(BITS_ALLOCATED, 32), "Bits Allocated (0028,0100) of 8 or 16");
  }

  @Test
  void acceptsNumberOfFramesOne() throws IOException {
    assertThat(ImageDecoder.decode(noiseFile().text(FRAMES, "IS", "1 ").bytes()))
        .isEqualTo(noise());
  }

  @Test
  void rejectsContradictoryHeaders() {
    assertRejected(noiseFile().number(ROWS, 65), "of 4160 bytes for 64x65 pixels, found 4096");
    assertRejected(noiseFile().number(COLUMNS, 65_535), "found 65535x64");
    assertRejected(noiseFile().number(HIGH_BIT, 8), "within 8 bits, found 8 and 8");
    assertRejected(noiseFile().number(BITS_STORED, 0), "found 0 and 7");
    assertRejected(
        noiseFile().text(SLOPE, "DS", "0"),
        "Rescale Slope (0028,1053) that keeps values different");
    assertRejected(
        noiseFile().text(SLOPE, "DS", "1e-20").text(INTERCEPT, "DS", "100000"),
        "keeps values different");
    assertRejected(noiseFile().text(SLOPE, "DS", "NaN"), "to be a decimal number");
    assertRejected(noiseFile().items(PIXELS, "OW", new byte[0]), "found no length");
    byte[] longer = noiseFile().pixels(new byte[PIXEL_COUNT + 100]).bytes();
    assertThatThrownBy(() -> ImageDecoder.decode(Arrays.copyOf(longer, longer.length - 50)))
        .hasMessageContaining("%d to the end of the file".formatted(PIXEL_COUNT + 50));
    for (int tag : new int[] {ROWS, COLUMNS, BITS_ALLOCATED, BITS_STORED, PHOTOMETRIC, PIXELS}) {
      assertRejected(noiseFile().without(tag), "found none");
    }
  }

  @Test
  @EnabledIfEnvironmentVariable(named = "CXR_DATA_DIR", matches = ".+")
  void realDicomFilesMatchTrainingFiles() throws IOException {
    Path data = Path.of(System.getenv("CXR_DATA_DIR"));
    Map<String, String> originals =
        Map.of(
            "normal_mono2_8bit_explicit", "NORMAL/IM-0206-0001",
            "bacteria_mono1_12bit_explicit", "PNEUMONIA/person1074_bacteria_3014",
            "bacteria_jpegbaseline_encapsulated", "PNEUMONIA/person1074_bacteria_3014",
            "virus_rgb_jpegbaseline_ybr422", "PNEUMONIA/person712_virus_1310");
    for (var pair : originals.entrySet()) {
      GrayImage dicom = ImageDecoder.decode(data.resolve("dicom/" + pair.getKey() + ".dcm"));
      Path training = data.resolve("chest-xray/train/" + pair.getValue() + ".jpeg");
      // At half the size of the training file, where its JPEG noise averages out.
      GrayImage half = Resampler.resize(Resampler.resize(dicom, 224, 224), 112, 112);
      GrayImage expected = Resampler.resize(ImageDecoder.decode(training), 112, 112);
      assertThat(TestFiles.meanDifference(half.pixels(), expected.pixels()))
          .as(pair.getKey())
          .isLessThan(2);
    }
    GrayImage virus = ImageDecoder.decode(data.resolve("dicom/virus_rgb_jpegbaseline_ybr422.dcm"));
    Path original = data.resolve("originals/PNEUMONIA/person712_virus_1310.jpeg");
    assertThat(virus).isEqualTo(ImageDecoder.decode(original));
  }

  @Test
  @EnabledIfEnvironmentVariable(named = "CXR_DATA_DIR", matches = ".+")
  void rejectsTruncatedRealFile() {
    Path file = Path.of(System.getenv("CXR_DATA_DIR"), "dicom", "truncated.dcm");
    assertThatThrownBy(() -> ImageDecoder.decode(file))
        .isInstanceOf(InvalidImageException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining("expected 776880 bytes of pixels, found 199334");
  }

  @Test
  void rejectsEveryTruncation() throws IOException {
    byte[] jpeg = jpeg(testScene(BufferedImage.TYPE_BYTE_GRAY), false);
    for (DicomBuilder builder :
        new DicomBuilder[] {
          noiseFile(), DicomBuilder.of(IMPLICIT, noise()), encapsulated(jpeg, 1)
        }) {
      byte[] file = builder.bytes();
      ImageDecoder.decode(file);
      for (int length = 0; length < file.length; length++) {
        byte[] part = Arrays.copyOf(file, length);
        assertThatThrownBy(() -> ImageDecoder.decode(part))
            .as("%d of %d bytes", length, file.length)
            .isInstanceOf(InvalidImageException.class);
      }
    }
  }

  private static DicomBuilder encapsulated(byte[] jpeg, int samples) {
    return DicomBuilder.ofJpeg(40, 30, samples, jpeg);
  }

  /** All values of this many bits, repeated or cut to the number of pixels. */
  private static DicomBuilder ramp(int bits) {
    var samples = new short[PIXEL_COUNT];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (short) rampValue(i, bits);
    }
    return DicomBuilder.of(WIDTH, HEIGHT, bits, samples);
  }

  private static int rampValue(int i, int bits) {
    return bits > 12 ? i << (bits - 12) : i % (1 << bits);
  }

  private static void assertGrays(byte[] file, int bits, DoubleUnaryOperator expected)
      throws IOException {
    byte[] gray = ImageDecoder.decode(file).pixels();
    for (int i = 0; i < gray.length; i++) {
      int value = rampValue(i, bits);
      assertThat(gray[i] & 0xFF)
          .as("value %d", value)
          .isEqualTo((int) Math.round(expected.applyAsDouble(value)));
    }
  }

  /** PS3.3 C.11.2.1.2.1, with 0 and 255 as the output range. */
  private static double window(double x, double c, double w) {
    if (x <= c - 0.5 - (w - 1) / 2) {
      return 0;
    }
    if (x > c - 0.5 + (w - 1) / 2) {
      return 255;
    }
    return ((x - (c - 0.5)) / (w - 1) + 0.5) * 255;
  }

  private static void assertRejected(DicomBuilder file, String message) {
    assertThatThrownBy(() -> ImageDecoder.decode(file.bytes()))
        .isInstanceOf(InvalidImageException.class)
        .hasMessageContaining(message);
  }

  private static DicomBuilder noiseFile() {
    return DicomBuilder.of(EXPLICIT, noise());
  }

  private static GrayImage noise() {
    var pixels = new byte[PIXEL_COUNT];
    new Random(4).nextBytes(pixels);
    return new GrayImage(WIDTH, HEIGHT, pixels);
  }
}
