package dev.cxr.data.image;

import static dev.cxr.data.image.TestFiles.jpeg;
import static dev.cxr.data.image.TestFiles.meanDifference;
import static dev.cxr.data.image.TestFiles.testScene;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JpegFileTest {

  @Test
  void lumaIsWithinOneOfConversionThroughRgb() throws IOException {
    byte[] file = jpeg(testScene(BufferedImage.TYPE_INT_RGB), false);
    byte[] luma = ImageDecoder.decode(file).pixels();
    BufferedImage rgb = ImageIO.read(new ByteArrayInputStream(file));
    int different = 0;
    for (int i = 0; i < luma.length; i++) {
      int pixel = rgb.getRGB(i % 40, i / 40);
      int way = Luma.of((pixel >> 16) & 0xFF, (pixel >> 8) & 0xFF, pixel & 0xFF);
      assertThat(luma[i] & 0xFF).isBetween(way - 1, way + 1);
      different += way == (luma[i] & 0xFF) ? 0 : 1;
    }
    assertThat(different).as("the luma itself is taken").isPositive();
  }

  @ParameterizedTest
  @CsvSource({
    "as it is, 123, YCbCr",
    "JFIF, 123, YCbCr",
    "JFIF, RGB, YCbCr",
    "Adobe 1, RGB, YCbCr",
    "Adobe 0, 123, RGB",
    "as it is, RGB, RGB",
    "as it is, 456, YCbCr"
  })
  void detectsColourTransformFromMarkersThenChannelNames(String markers, String names, String space)
      throws IOException {
    Raster samples = testScene(BufferedImage.TYPE_INT_RGB).getRaster();
    byte[] file =
        withChannelNames(jpeg(new IIOImage(interleaved(samples), null, null), false), names);
    byte[] marked =
        switch (markers) {
          case "JFIF" -> withSegment(file, 0xE0, "JFIF\0\1\1\0\0\1\0\1\0\0");
          case "Adobe 0" -> withSegment(file, 0xEE, "Adobe\0\144\0\0\0\0\0");
          case "Adobe 1" -> withSegment(file, 0xEE, "Adobe\0\144\0\0\0\0\1");
          default -> file;
        };
    var first = new byte[1200];
    var luma = new byte[1200];
    for (int i = 0; i < 1200; i++) {
      int[] pixel = samples.getPixel(i % 40, i / 40, (int[]) null);
      first[i] = (byte) pixel[0];
      luma[i] = (byte) Luma.of(pixel[0], pixel[1], pixel[2]);
    }
    byte[] decoded = ImageDecoder.decode(marked).pixels();
    assertThat(meanDifference(decoded, space.equals("RGB") ? luma : first)).isLessThan(4);
    assertThat(meanDifference(decoded, space.equals("RGB") ? first : luma)).isGreaterThan(10);
  }

  @ParameterizedTest
  @CsvSource({
    "C3, 'a lossless, hierarchical or arithmetic one (frame C3)'",
    "C5, 'a lossless, hierarchical or arithmetic one (frame C5)'",
    "C9, 'a lossless, hierarchical or arithmetic one (frame C9)'",
    "CF, 'a lossless, hierarchical or arithmetic one (frame CF)'"
  })
  void rejectsUnsupportedKindsByName(String frame, String name) throws IOException {
    byte[] file = jpeg(testScene(BufferedImage.TYPE_BYTE_GRAY), false);
    file[findSegment(file, 0xC0) + 1] = (byte) Integer.parseInt(frame, 16);
    assertThatThrownBy(() -> ImageDecoder.decode(file))
        .isInstanceOf(InvalidImageException.class)
        .hasMessageContaining("expected a baseline or progressive JPEG, found " + name);
  }

  @Test
  void rejectsTwelveBitsByName() throws IOException {
    byte[] file = jpeg(testScene(BufferedImage.TYPE_BYTE_GRAY), false);
    file[findSegment(file, 0xC0) + 4] = 12;
    assertThatThrownBy(() -> ImageDecoder.decode(file))
        .isInstanceOf(InvalidImageException.class)
        .hasMessageContaining("expected a JPEG of 8 bits per sample, found 12");
  }

  @ParameterizedTest
  @ValueSource(ints = {64, 65})
  void limitsNumberOfScans(int scans) throws IOException {
    byte[] file = jpeg(testScene(BufferedImage.TYPE_BYTE_GRAY), true);
    int last = findLastScan(file);
    int size = file.length - 2 - last;
    int there = countMarkers(file, 0xDA);
    var out = new ByteArrayOutputStream();
    out.write(file, 0, file.length - 2);
    for (int i = there; i < scans; i++) {
      out.write(file, last, size);
    }
    out.write(file, file.length - 2, 2);
    // The decoder rejects a repeated scan for another reason.
    assertThatThrownBy(() -> ImageDecoder.decode(out.toByteArray()))
        .isInstanceOf(InvalidImageException.class)
        .hasMessageContaining(
            scans == 64 ? "expected a complete image" : "at most 64 scans, found more");
  }

  @Test
  void rejectsImplausibleSizeBeforeDecoding() throws IOException {
    byte[] file = jpeg(testScene(BufferedImage.TYPE_BYTE_GRAY), false);
    ByteBuffer.wrap(file).putShort(findSegment(file, 0xC0) + 5, (short) 6000);
    ByteBuffer.wrap(file).putShort(findSegment(file, 0xC0) + 7, (short) 6000);
    assertThatThrownBy(() -> ImageDecoder.decode(file))
        .isInstanceOf(InvalidImageException.class)
        .hasMessageContaining("expected 6000x6000 pixels")
        .hasMessageContaining("cannot hold");
  }

  @Test
  void acceptsCommentAfterLastScan() throws IOException {
    byte[] file = jpeg(testScene(BufferedImage.TYPE_BYTE_GRAY), false);
    byte[] end = {(byte) 0xFF, (byte) 0xFE, 0, 4, 'h', 'i', (byte) 0xFF, (byte) 0xD9};
    byte[] longer = Arrays.copyOf(file, file.length + 6);
    System.arraycopy(end, 0, longer, file.length - 2, end.length);
    assertThat(ImageDecoder.decode(longer)).isEqualTo(ImageDecoder.decode(file));
  }

  private static Raster interleaved(Raster samples) {
    var copy = Raster.createInterleavedRaster(0, 40, 30, 3, null);
    for (int i = 0; i < 1200; i++) {
      copy.setPixel(i % 40, i / 40, samples.getPixel(i % 40, i / 40, (int[]) null));
    }
    return copy;
  }

  /** The file with these channel names, one character or digit each. */
  private static byte[] withChannelNames(byte[] file, String names) {
    byte[] renamed = file.clone();
    int frame = findSegment(file, 0xC0);
    int scan = findSegment(file, 0xDA);
    for (int i = 0; i < 3; i++) {
      char name = names.charAt(i);
      byte id = (byte) (Character.isDigit(name) ? name - '0' : name);
      renamed[frame + 10 + 3 * i] = id;
      renamed[scan + 5 + 2 * i] = id;
    }
    return renamed;
  }

  /** The file with an additional first segment. */
  private static byte[] withSegment(byte[] file, int marker, String content) {
    byte[] bytes = content.getBytes(StandardCharsets.ISO_8859_1);
    return ByteBuffer.allocate(file.length + 4 + bytes.length)
        .put(file, 0, 2)
        .put((byte) 0xFF)
        .put((byte) marker)
        .putShort((short) (2 + bytes.length))
        .put(bytes)
        .put(file, 2, file.length - 2)
        .array();
  }

  private static int findSegment(byte[] file, int marker) {
    for (int i = 0; i + 1 < file.length; i++) {
      if (file[i] == (byte) 0xFF && file[i + 1] == (byte) marker) {
        return i;
      }
    }
    throw new IllegalStateException("no such segment");
  }

  private static int findLastScan(byte[] file) {
    int at = file.length - 2;
    while (file[at] != (byte) 0xFF || file[at + 1] != (byte) 0xDA) {
      at--;
    }
    return at;
  }

  private static int countMarkers(byte[] file, int marker) {
    int count = 0;
    for (int i = 0; i + 1 < file.length; i++) {
      count += file[i] == (byte) 0xFF && file[i + 1] == (byte) marker ? 1 : 0;
    }
    return count;
  }
}
