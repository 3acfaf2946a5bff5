package dev.cxr.data.image;

import static dev.cxr.data.image.TestFiles.firstBand;
import static dev.cxr.data.image.TestFiles.jpeg;
import static dev.cxr.data.image.TestFiles.meanDifference;
import static dev.cxr.data.image.TestFiles.png;
import static dev.cxr.data.image.TestFiles.testScene;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageDecoderTest {

  @Test
  void keepsEverySampleOfGrayPng() throws IOException {
    BufferedImage image = testScene(BufferedImage.TYPE_BYTE_GRAY);
    assertThat(ImageDecoder.decode(png(image))).isEqualTo(new GrayImage(40, 30, firstBand(image)));
  }

  @Test
  void roundsSixteenBitsToEight() throws IOException {
    var image = new BufferedImage(256, 257, BufferedImage.TYPE_USHORT_GRAY);
    for (int i = 0; i < 256 * 256; i++) {
      image.getRaster().setSample(i % 256, i / 256, 0, i);
    }
    byte[] pixels = ImageDecoder.decode(png(image)).pixels();
    for (int i = 0; i < 256 * 256; i++) {
      assertThat(pixels[i] & 0xFF).isEqualTo((int) Math.round(i / 257.0));
    }
  }

  @Test
  void convertsColourToRoundedBt601Luma() throws IOException {
    BufferedImage image = testScene(BufferedImage.TYPE_INT_RGB);
    byte[] pixels = ImageDecoder.decode(png(image)).pixels();
    for (int i = 0; i < pixels.length; i++) {
      int rgb = image.getRGB(i % 40, i / 40);
      double luma =
          0.299 * ((rgb >> 16) & 0xFF) + 0.587 * ((rgb >> 8) & 0xFF) + 0.114 * (rgb & 0xFF);
      assertThat(pixels[i] & 0xFF).isEqualTo((int) Math.round(luma));
    }
  }

  @Test
  void ignoresAlpha() throws IOException {
    BufferedImage opaque = testScene(BufferedImage.TYPE_INT_RGB);
    var clear = new BufferedImage(40, 30, BufferedImage.TYPE_INT_ARGB);
    for (int y = 0; y < 30; y++) {
      for (int x = 0; x < 40; x++) {
        clear.setRGB(x, y, (opaque.getRGB(x, y) & 0xFFFFFF) | ((x * 6) << 24));
      }
    }
    assertThat(ImageDecoder.decode(png(clear))).isEqualTo(ImageDecoder.decode(png(opaque)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8})
  void appliesPaletteOfIndexedPng(int bits) throws IOException {
    int colours = 1 << bits;
    var palette = new byte[colours];
    new Random(3).nextBytes(palette);
    var half = new byte[colours];
    var model = new IndexColorModel(bits, colours, palette, half, palette);
    int type = bits == 8 ? BufferedImage.TYPE_BYTE_INDEXED : BufferedImage.TYPE_BYTE_BINARY;
    var image = new BufferedImage(40, 30, type, model);
    for (int i = 0; i < 1200; i++) {
      image.getRaster().setSample(i % 40, i / 40, 0, i * 7 % colours);
    }
    byte[] pixels = ImageDecoder.decode(png(image)).pixels();
    for (int i = 0; i < 1200; i++) {
      double luma = (0.299 + 0.114) * (palette[i * 7 % colours] & 0xFF);
      assertThat(pixels[i] & 0xFF).isEqualTo((int) Math.round(luma));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void decodesBaselineAndProgressiveJpeg(boolean progressive) throws IOException {
    BufferedImage image = testScene(BufferedImage.TYPE_BYTE_GRAY);
    GrayImage decoded = ImageDecoder.decode(jpeg(image, progressive));
    assertThat(meanDifference(decoded.pixels(), firstBand(image))).isLessThan(4);
  }

  @Test
  void decodesGrayColourJpegLikeGrayJpeg() throws IOException {
    BufferedImage gray = testScene(BufferedImage.TYPE_BYTE_GRAY);
    var colour = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 1200; i++) {
      int g = gray.getRaster().getSample(i % 40, i / 40, 0);
      colour.setRGB(i % 40, i / 40, (g << 16) | (g << 8) | g);
    }
    byte[] fromColour = ImageDecoder.decode(jpeg(colour, false)).pixels();
    byte[] fromGray = ImageDecoder.decode(jpeg(gray, false)).pixels();
    assertThat(meanDifference(fromColour, fromGray)).isLessThan(0.5);
  }

  @Test
  void ignoresColourProfile() throws IOException {
    for (int[] pair :
        new int[][] {
          {BufferedImage.TYPE_BYTE_GRAY, ColorSpace.CS_GRAY},
          {BufferedImage.TYPE_INT_RGB, ColorSpace.CS_LINEAR_RGB}
        }) {
      byte[] plain = jpeg(testScene(pair[0]), false);
      byte[] profile = ICC_Profile.getInstance(pair[1]).getData();
      byte[] name = "ICC_PROFILE\0\1\1".getBytes(StandardCharsets.ISO_8859_1);
      byte[] tagged =
          ByteBuffer.allocate(plain.length + 4 + name.length + profile.length)
              .put(plain, 0, 20) // the start and its JFIF segment
              .putShort((short) 0xFFE2)
              .putShort((short) (2 + name.length + profile.length))
              .put(name)
              .put(profile)
              .put(plain, 20, plain.length - 20)
              .array();
      assertThat(ImageDecoder.decode(tagged)).isEqualTo(ImageDecoder.decode(plain));
    }
  }

  @Test
  void rejectsEveryTruncation() throws IOException {
    BufferedImage gray = testScene(BufferedImage.TYPE_BYTE_GRAY);
    BufferedImage colour = testScene(BufferedImage.TYPE_INT_RGB);
    for (byte[] file :
        List.of(
            jpeg(gray, false),
            jpeg(gray, true),
            jpeg(colour, false),
            jpeg(colour, true),
            png(gray),
            png(colour))) {
      ImageDecoder.decode(file);
      for (int length = 0; length < file.length; length++) {
        byte[] part = Arrays.copyOf(file, length);
        assertThatThrownBy(() -> ImageDecoder.decode(part))
            .as("%d of %d bytes", length, file.length)
            .isInstanceOf(InvalidImageException.class);
      }
    }
  }

  @Test
  void rejectsJpegWithMissingRows() throws IOException {
    byte[] file = jpeg(testScene(BufferedImage.TYPE_BYTE_GRAY), false);
    byte[] cut = Arrays.copyOf(file, file.length - 100);
    cut[cut.length - 2] = (byte) 0xFF;
    cut[cut.length - 1] = (byte) 0xD9;
    assertThatThrownBy(() -> ImageDecoder.decode(cut))
        .isInstanceOf(InvalidImageException.class)
        .hasMessageContaining("premature end")
        .hasMessageContaining("Fetch the file again");
  }

  @Test
  void rejectsPngWithChangedByte() throws IOException {
    byte[] file = png(testScene(BufferedImage.TYPE_BYTE_GRAY));
    for (int i = 0; i < file.length; i++) {
      byte[] changed = file.clone();
      changed[i] ^= 4;
      assertThatThrownBy(() -> ImageDecoder.decode(changed))
          .as("byte %d", i)
          .isInstanceOf(InvalidImageException.class);
    }
  }

  @Test
  void ignoresTrailingBytes() throws IOException {
    BufferedImage image = testScene(BufferedImage.TYPE_BYTE_GRAY);
    for (byte[] file : List.of(jpeg(image, false), jpeg(image, true), png(image))) {
      assertThat(ImageDecoder.decode(Arrays.copyOf(file, file.length + 3)))
          .isEqualTo(ImageDecoder.decode(file));
    }
  }

  @Test
  void rejectsUnknownFormatAndShowsFirstBytes() {
    assertThatThrownBy(
            () -> ImageDecoder.decode("GIF89a and more".getBytes(StandardCharsets.US_ASCII)))
        .isInstanceOf(InvalidImageException.class)
        .hasMessageContaining("expected a JPEG (FF D8 FF), PNG (89 50 4E 47), TIFF")
        .hasMessageContaining("47 49 46 38 39 61")
        .hasMessageContaining("convert");
    assertThatThrownBy(() -> ImageDecoder.decode(new byte[0])).hasMessageContaining("no bytes");
  }

  @Test
  void rejectsCmyk() throws IOException {
    Raster cmyk = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 40, 30, 4, null);
    byte[] file = jpeg(new IIOImage(cmyk, null, null), false);
    assertThatThrownBy(() -> ImageDecoder.decode(file))
        .isInstanceOf(InvalidImageException.class)
        .hasMessageContaining("CMYK");
  }

  @Test
  void rejectsOutOfRangeSizesBeforeDecoding() throws IOException {
    for (int[] size : new int[][] {{15, 100}, {16_385, 16}, {8_000, 5_001}}) {
      // Only a header: decoding it would report the missing pixels.
      byte[] file = png(testScene(BufferedImage.TYPE_BYTE_GRAY));
      ByteBuffer header = ByteBuffer.wrap(file).putInt(16, size[0]).putInt(20, size[1]);
      var crc = new CRC32();
      crc.update(file, 12, 17);
      header.putInt(29, (int) crc.getValue());
      assertThatThrownBy(() -> ImageDecoder.decode(file))
          .isInstanceOf(InvalidImageException.class)
          .hasMessageContaining("expected sides of 16 to 16384")
          .hasMessageContaining(size[0] + "x" + size[1]);
    }
  }

  @Test
  void rejectsTooLargeFileWithoutReading(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("large.png");
    try (var channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[1]), 64L << 20); // one byte too many, sparse
    }
    assertThatThrownBy(() -> ImageDecoder.decode(file))
        .isInstanceOf(InvalidImageException.class)
        .hasMessageContaining("large.png")
        .hasMessageContaining("67108865");
  }

  @Test
  void decodesFileAndBytesAlike(@TempDir Path folder) throws IOException {
    for (var file : TestFiles.ofEveryFormat().entrySet()) {
      Path path = Files.write(folder.resolve(file.getKey()), file.getValue());
      GrayImage image = ImageDecoder.decode(path);
      assertThat(image).as(file.getKey()).isEqualTo(ImageDecoder.decode(file.getValue()));
      assertThat(image.toString())
          .isEqualTo("GrayImage[%dx%d]".formatted(image.width(), image.height()));
    }
  }

  @Test
  void decodesSixteenBitsAlikeInPngTiffAndDicom() throws IOException {
    var image = new BufferedImage(256, 256, BufferedImage.TYPE_USHORT_GRAY);
    var samples = new short[65_536];
    for (int i = 0; i < 65_536; i++) {
      image.getRaster().setSample(i % 256, i / 256, 0, i);
      samples[i] = (short) i;
    }
    GrayImage png = ImageDecoder.decode(png(image));
    assertThat(ImageDecoder.decode(TestFiles.tiff(image, null, 0))).isEqualTo(png);
    assertThat(ImageDecoder.decode(TestFiles.tiff(image, "LZW", 64))).isEqualTo(png);
    assertThat(ImageDecoder.decode(DicomBuilder.of(256, 256, 16, samples).bytes())).isEqualTo(png);
  }

  /** As in a server that loads this code with a separate class loader. */
  @Test
  void decodesWithoutRegisteredReaders() throws Exception {
    var jars = new ArrayList<URL>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      jars.add(Path.of(entry).toUri().toURL());
    }
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    ClassLoader platform = ClassLoader.getPlatformClassLoader();
    thread.setContextClassLoader(platform);
    try (var loader = new URLClassLoader(jars.toArray(URL[]::new), platform)) {
      Class<?> decoder = loader.loadClass(ImageDecoder.class.getName());
      assertThat(decoder).isNotSameAs(ImageDecoder.class);
      var decode = decoder.getMethod("decode", byte[].class);
      for (var file : TestFiles.ofEveryFormat().entrySet()) {
        Object image = decode.invoke(null, file.getValue());
        assertThat(image.getClass().getMethod("pixels").invoke(image))
            .as(file.getKey())
            .isEqualTo(ImageDecoder.decode(file.getValue()).pixels());
      }
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @Test
  void rejectsFolderByName(@TempDir Path folder) {
    assertThatThrownBy(() -> ImageDecoder.decode(folder))
        .isInstanceOf(InvalidImageException.class)
        .hasMessageStartingWith(folder + ": expected a file");
  }

  @Test
  void errorsNameTheFile(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("letter.jpeg"), "Dear all");
    assertThatThrownBy(() -> ImageDecoder.decode(file)).hasMessageStartingWith(file.toString());
    assertThatThrownBy(() -> ImageDecoder.decode(folder.resolve("none.png")))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("none.png");
  }

  @Test
  @EnabledIfEnvironmentVariable(named = "CXR_DATA_DIR", matches = ".+")
  void resizedOriginalsMatchTrainingFiles() throws IOException {
    Path data = Path.of(System.getenv("CXR_DATA_DIR"));
    Path originals = data.resolve("originals");
    List<Path> files;
    try (Stream<Path> found = Files.walk(originals)) {
      files = found.filter(file -> file.toString().endsWith(".jpeg")).sorted().toList();
    }
    assertThat(files).isNotEmpty();
    double mean =
        files.stream()
            .mapToDouble(
                file -> {
                  Path small = data.resolve("chest-xray/train").resolve(originals.relativize(file));
                  try {
                    GrayImage resized = Resampler.resize(ImageDecoder.decode(file), 224, 224);
                    double off =
                        meanDifference(resized.pixels(), ImageDecoder.decode(small).pixels());
                    assertThat(off).as(file.toString()).isLessThan(3);
                    return off;
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  }
                })
            .average()
            .orElseThrow();
    assertThat(mean).isCloseTo(1.87, within(0.1)); // what their JPEG compression left
  }
}
