package dev.cxr.data.image;

import static dev.cxr.data.image.TestFiles.png;
import static dev.cxr.data.image.TestFiles.testScene;
import static dev.cxr.data.image.TestFiles.tiff;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.twelvemonkeys.imageio.metadata.tiff.TIFF;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TiffFileTest {

  private static final int WIDTH = 20;
  private static final int HEIGHT = 18;

  @ParameterizedTest
  @CsvSource({
    ",0",
    ",16",
    "LZW,0",
    "LZW,16",
    "Deflate,0",
    "Deflate,16",
    "ZLib,0",
    "ZLib,16",
    "PackBits,0",
    "PackBits,32"
  })
  void decodesSamePixelsAsPng(String compression, int tile) throws IOException {
    for (int type :
        new int[] {
          BufferedImage.TYPE_BYTE_GRAY,
          BufferedImage.TYPE_USHORT_GRAY,
          BufferedImage.TYPE_3BYTE_BGR,
          BufferedImage.TYPE_4BYTE_ABGR
        }) {
      BufferedImage image = testScene(type);
      assertThat(ImageDecoder.decode(tiff(image, compression, tile)))
          .as("type %d", type)
          .isEqualTo(ImageDecoder.decode(png(image)));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void decodesBothByteOrders(boolean little) throws IOException {
    var samples = new short[WIDTH * HEIGHT];
    var random = new Random(3);
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (short) random.nextInt(65_536);
    }
    ByteOrder order = little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    var bytes = new byte[samples.length * 2];
    ByteBuffer.wrap(bytes).order(order).asShortBuffer().put(samples);
    byte[] file =
        TiffBuilder.of(order, noise())
            .putTyped(TIFF.TAG_BITS_PER_SAMPLE, 3, 16)
            .strips(bytes)
            .bytes();
    byte[] gray = ImageDecoder.decode(file).pixels();
    for (int i = 0; i < gray.length; i++) {
      int rounded = (int) Math.round(Short.toUnsignedInt(samples[i]) / 257.0);
      assertThat(gray[i] & 0xFF).isEqualTo(rounded);
    }
  }

  @Test
  void decodesSixteenBitColour() throws IOException {
    var samples = new short[WIDTH * HEIGHT * 3];
    var random = new Random(3);
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (short) random.nextInt(65_536);
    }
    var bytes = new byte[samples.length * 2];
    ByteBuffer.wrap(bytes).asShortBuffer().put(samples);
    byte[] file =
        TiffBuilder.of(ByteOrder.BIG_ENDIAN, noise())
            .putTyped(TIFF.TAG_BITS_PER_SAMPLE, 3, 16, 16, 16)
            .put(TIFF.TAG_SAMPLES_PER_PIXEL, 3)
            .put(TIFF.TAG_PHOTOMETRIC_INTERPRETATION, 2)
            .strips(bytes)
            .bytes();
    byte[] gray = ImageDecoder.decode(file).pixels();
    for (int i = 0; i < gray.length; i++) {
      long luma =
          Math.round(
              0.299 * Short.toUnsignedInt(samples[3 * i])
                  + 0.587 * Short.toUnsignedInt(samples[3 * i + 1])
                  + 0.114 * Short.toUnsignedInt(samples[3 * i + 2]));
      assertThat(gray[i] & 0xFF).isEqualTo((int) Math.round(luma / 257.0));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 18, 1_000_000, -1})
  void decodesStripsOfAnyHeight(int rows) throws IOException {
    GrayImage image = noise();
    int height = rows < 0 ? HEIGHT : Math.min(rows, HEIGHT);
    var strips = new byte[(HEIGHT + height - 1) / height][];
    for (int i = 0; i < strips.length; i++) {
      int from = i * height * WIDTH;
      int to = Math.min(from + height * WIDTH, WIDTH * HEIGHT);
      strips[i] = Arrays.copyOfRange(image.pixels(), from, to);
    }
    byte[] file =
        TiffBuilder.of(ByteOrder.LITTLE_ENDIAN, image)
            .put(TIFF.TAG_ROWS_PER_STRIP, rows)
            .strips(strips)
            .bytes();
    assertThat(ImageDecoder.decode(file)).isEqualTo(image);
  }

  @Test
  void invertsWhiteIsZero() throws IOException {
    GrayImage image = noise();
    var inverted = new byte[image.pixels().length];
    for (int i = 0; i < inverted.length; i++) {
      inverted[i] = (byte) (255 - (image.pixels()[i] & 0xFF));
    }
    byte[] file =
        TiffBuilder.of(ByteOrder.BIG_ENDIAN, image)
            .put(TIFF.TAG_PHOTOMETRIC_INTERPRETATION, 0)
            .bytes();
    assertThat(ImageDecoder.decode(file).pixels()).isEqualTo(inverted);
  }

  @Test
  void appliesPalette() throws IOException {
    var map = new long[768];
    var random = new Random(9);
    for (int i = 0; i < map.length; i++) {
      map[i] = random.nextInt(65_536);
    }
    GrayImage indices = noise();
    byte[] file =
        TiffBuilder.of(ByteOrder.BIG_ENDIAN, indices)
            .put(TIFF.TAG_PHOTOMETRIC_INTERPRETATION, 3)
            .putTyped(TIFF.TAG_COLOR_MAP, 3, map)
            .bytes();
    byte[] gray = ImageDecoder.decode(file).pixels();
    for (int i = 0; i < gray.length; i++) {
      int index = indices.pixels()[i] & 0xFF;
      long luma =
          Math.round(0.299 * map[index] + 0.587 * map[256 + index] + 0.114 * map[512 + index]);
      assertThat(gray[i] & 0xFF).isEqualTo((int) Math.round(luma / 257.0));
    }
  }

  @Test
  void appliesHorizontalPredictor() throws IOException {
    GrayImage image = noise();
    byte[] differences = image.pixels().clone();
    for (int i = differences.length - 1; i > 0; i--) {
      differences[i] -= i % WIDTH == 0 ? 0 : differences[i - 1];
    }
    byte[] file =
        TiffBuilder.of(ByteOrder.LITTLE_ENDIAN, image)
            .put(TIFF.TAG_COMPRESSION, 8)
            .put(TIFF.TAG_PREDICTOR, 2)
            .strips(deflate(differences))
            .bytes();
    assertThat(ImageDecoder.decode(file)).isEqualTo(image);
  }

  @Test
  void ignoresProfileOrientationAndSecondPage() throws IOException {
    GrayImage image = noise();
    byte[] plain = TiffBuilder.of(ByteOrder.LITTLE_ENDIAN, image).bytes();
    byte[] tagged =
        TiffBuilder.of(ByteOrder.LITTLE_ENDIAN, image)
            .put(TIFF.TAG_ICC_PROFILE, 1, 2, 3, 4)
            .putTyped(274, 3, 6) // orientation
            .putTyped(330, 4, 8) // a directory below
            .bytes();
    byte[] paged = plain.clone();
    int directory = ByteBuffer.wrap(plain).order(ByteOrder.LITTLE_ENDIAN).getInt(4);
    int tags = plain[directory];
    ByteBuffer.wrap(paged).order(ByteOrder.LITTLE_ENDIAN).putInt(directory + 2 + 12 * tags, 8);
    assertThat(ImageDecoder.decode(tagged)).isEqualTo(image);
    assertThat(ImageDecoder.decode(paged)).isEqualTo(image);
  }

  @ParameterizedTest
  @CsvSource({
    "259, 7, found JPEG:",
    "259, 6, found JPEG:",
    "259, 4, number 4:",
    "259, 34712, number 34712",
    "259, 99, number 99",
    "262, 5, CMYK",
    "262, 6, YCbCr",
    "262, 8, L*a*b*",
    "262, 32803, photometric interpretation 32803",
    "258, 1, 1 bits per sample",
    "258, 32, 32 bits per sample",
    "339, 2, signed samples",
    "339, 3, floating-point samples",
    "339, 6, complex samples",
    "277, 5, 5 samples per pixel",
    "266, 2, bits in reversed order"
  })
  void rejectsUnsupportedKindsByName(int tag, int value, String name) {
    byte[] file = TiffBuilder.of(ByteOrder.LITTLE_ENDIAN, noise()).put(tag, value).bytes();
    assertThatThrownBy(() -> ImageDecoder.decode(file))
        .isInstanceOf(InvalidImageException.class)
        .hasMessageContaining(name);
  }

  @Test
  void rejectsPlanesAndBigTiffByName() {
    byte[] planes =
        TiffBuilder.of(ByteOrder.LITTLE_ENDIAN, noise())
            .put(TIFF.TAG_SAMPLES_PER_PIXEL, 3)
            .put(TIFF.TAG_BITS_PER_SAMPLE, 8, 8, 8)
            .put(TIFF.TAG_PHOTOMETRIC_INTERPRETATION, 2)
            .put(TIFF.TAG_PLANAR_CONFIGURATION, 2)
            .bytes();
    assertThatThrownBy(() -> ImageDecoder.decode(planes))
        .hasMessageContaining("channels in separate planes");
    byte[] big = TiffBuilder.of(ByteOrder.LITTLE_ENDIAN, noise()).bytes();
    big[2] = 43;
    assertThatThrownBy(() -> ImageDecoder.decode(big)).hasMessageContaining("BigTIFF");
  }

  @ParameterizedTest
  @CsvSource({
    "273, 100000, truncated",
    "273, -1, truncated",
    "279, 0, 'expected 360 bytes in strip or tile 0 in a TIFF, found 0'",
    "279, 359, 'expected 360 bytes in strip or tile 0 in a TIFF, found 359'",
    "279, -1, truncated",
    "257, 6000, expected 120000 bytes",
    "257, -1, expected sides of 16 to 16384",
    "278, 1, 'expected 18 values of StripOffsets in a TIFF, found 1'",
    "324, 8, the tag TileWidth",
    "258, 0, 0 bits"
  })
  void rejectsBrokenStructure(int tag, int value, String message) {
    byte[] file = TiffBuilder.of(ByteOrder.LITTLE_ENDIAN, noise()).put(tag, value).bytes();
    assertThatThrownBy(() -> ImageDecoder.decode(file))
        .isInstanceOf(InvalidImageException.class)
        .hasMessageContaining(message);
  }

  @Test
  void rejectsMissingTagByName() {
    for (int tag :
        new int[] {
          TIFF.TAG_IMAGE_WIDTH,
          TIFF.TAG_BITS_PER_SAMPLE,
          TIFF.TAG_PHOTOMETRIC_INTERPRETATION,
          TIFF.TAG_STRIP_OFFSETS,
          TIFF.TAG_STRIP_BYTE_COUNTS
        }) {
      byte[] file = TiffBuilder.of(ByteOrder.BIG_ENDIAN, noise()).without(tag).bytes();
      assertThatThrownBy(() -> ImageDecoder.decode(file))
          .as("%s", tag)
          .isInstanceOf(InvalidImageException.class)
          .hasMessageContaining(
              tag == TIFF.TAG_BITS_PER_SAMPLE ? "1 bits" : "the tag " + TiffDirectory.name(tag));
    }
  }

  @Test
  void rejectsImplausibleSizeBeforeDecoding() throws IOException {
    byte[] file =
        TiffBuilder.of(ByteOrder.BIG_ENDIAN, noise())
            .put(TIFF.TAG_COMPRESSION, 8)
            .put(TIFF.TAG_IMAGE_WIDTH, 6000)
            .put(TIFF.TAG_IMAGE_HEIGHT, 6000)
            .strips(deflate(new byte[100]))
            .bytes();
    assertThatThrownBy(() -> ImageDecoder.decode(file))
        .isInstanceOf(InvalidImageException.class)
        .hasMessageContaining("expected 6000x6000 pixels")
        .hasMessageContaining("cannot hold");
  }

  @Test
  void rejectsHugeTilesOfNarrowImage() {
    byte[] file =
        TiffBuilder.of(ByteOrder.BIG_ENDIAN, noise())
            .put(TIFF.TAG_TILE_WIDTH, 16_384)
            .put(TIFF.TAG_TILE_HEIGTH, 16_384)
            .put(TIFF.TAG_TILE_OFFSETS, 8)
            .put(TIFF.TAG_TILE_BYTE_COUNTS, 16)
            .bytes();
    assertThatThrownBy(() -> ImageDecoder.decode(file))
        .isInstanceOf(InvalidImageException.class)
        .hasMessageContaining("1 of 16384x16384");
  }

  @Test
  void rejectsEveryTruncation() throws IOException {
    for (String compression : new String[] {null, "LZW", "Deflate", "PackBits"}) {
      byte[] file = tiff(testScene(BufferedImage.TYPE_BYTE_GRAY), compression, 0);
      for (int length = 0; length < file.length; length++) {
        byte[] part = Arrays.copyOf(file, length);
        assertThatThrownBy(() -> ImageDecoder.decode(part))
            .as("%s: %d of %d bytes", compression, length, file.length)
            .isInstanceOf(InvalidImageException.class);
      }
    }
  }

  private static GrayImage noise() {
    var pixels = new byte[WIDTH * HEIGHT];
    new Random(4).nextBytes(pixels);
    return new GrayImage(WIDTH, HEIGHT, pixels);
  }

  private static byte[] deflate(byte[] bytes) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var deflater = new DeflaterOutputStream(out)) {
      deflater.write(bytes);
    }
    return out.toByteArray();
  }
}
