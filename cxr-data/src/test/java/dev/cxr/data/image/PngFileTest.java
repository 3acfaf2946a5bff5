package dev.cxr.data.image;

import static dev.cxr.data.image.TestFiles.interlacedPng;
import static dev.cxr.data.image.TestFiles.png;
import static dev.cxr.data.image.TestFiles.testScene;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PngFileTest {

  @ParameterizedTest
  @ValueSource(
      ints = {
        BufferedImage.TYPE_BYTE_GRAY,
        BufferedImage.TYPE_USHORT_GRAY,
        BufferedImage.TYPE_INT_RGB,
        BufferedImage.TYPE_INT_ARGB
      })
  void interlacingDoesNotChangePixels(int type) throws IOException {
    BufferedImage image = testScene(type);
    assertThat(interlacedPng(image)[28]).as("interlace method").isOne();
    assertThat(ImageDecoder.decode(interlacedPng(image)))
        .isEqualTo(ImageDecoder.decode(png(image)));
  }

  @ParameterizedTest
  @CsvSource({"2, 1", "2, 0", "4, 1", "4, 0"})
  void roundsSixteenBitColourWithAlphaOnce(int bands, int opaque) throws IOException {
    var random = new Random(5);
    WritableRaster raster = Raster.createInterleavedRaster(1, 40, 30, bands, null);
    for (int i = 0; i < 1200; i++) {
      for (int b = 0; b < bands; b++) {
        raster.setSample(i % 40, i / 40, b, random.nextInt(65_536));
      }
      if (opaque == 1) {
        raster.setSample(i % 40, i / 40, bands - 1, 65_535);
      }
    }
    int space = bands == 2 ? ColorSpace.CS_GRAY : ColorSpace.CS_sRGB;
    var model =
        new ComponentColorModel(
            ColorSpace.getInstance(space),
            true,
            false,
            Transparency.TRANSLUCENT,
            DataBuffer.TYPE_USHORT);
    byte[] gray = ImageDecoder.decode(png(new BufferedImage(model, raster, false, null))).pixels();
    for (int i = 0; i < 1200; i++) {
      int[] pixel = raster.getPixel(i % 40, i / 40, (int[]) null);
      double sample =
          bands == 2
              ? pixel[0]
              : Math.round(0.299 * pixel[0] + 0.587 * pixel[1] + 0.114 * pixel[2]);
      assertThat(gray[i] & 0xFF).isEqualTo((int) Math.round(sample / 257));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void scalesLowBitDepthsToFullRange(int bits) throws IOException {
    int largest = (1 << bits) - 1;
    var rows = new byte[20 * (1 + 24 * bits / 8)];
    new Random(2).nextBytes(rows);
    for (int y = 0; y < 20; y++) {
      rows[y * (1 + 24 * bits / 8)] = 0; // no filter
    }
    byte[] gray = ImageDecoder.decode(file(24, 20, bits, 0, new byte[0], deflate(rows))).pixels();
    for (int i = 0; i < gray.length; i++) {
      int row = i / 24 * (1 + 24 * bits / 8);
      int bit = i % 24 * bits;
      int sample = rows[row + 1 + bit / 8] >> (8 - bits - bit % 8) & largest;
      assertThat(gray[i] & 0xFF).isEqualTo(sample * 255 / largest);
    }
  }

  @Test
  void rejectsPaletteIndexOutOfRange() throws IOException {
    byte[] rows = new byte[17 * 16];
    byte[] palette = {1, 2, 3, 4, 5, 6};
    rows[17 * 5 + 4] = 1;
    assertThat(ImageDecoder.decode(file(16, 16, 8, 3, palette, deflate(rows))).width())
        .isEqualTo(16);
    rows[17 * 5 + 4] = 2;
    byte[] file = file(16, 16, 8, 3, palette, deflate(rows));
    assertThatThrownBy(() -> ImageDecoder.decode(file))
        .isInstanceOf(InvalidImageException.class)
        .hasMessageContaining("expected one of 2 colours, found index 2");
  }

  @Test
  void rejectsMissingRows() {
    byte[] file = file(16, 16, 8, 0, new byte[0], deflate(new byte[17 * 15]));
    assertThatThrownBy(() -> ImageDecoder.decode(file))
        .isInstanceOf(InvalidImageException.class)
        .hasMessageContaining("expected a complete image");
  }

  @Test
  void rejectsHeaderWithoutData() {
    for (int side : new int[] {100_000, 6_000, Integer.MAX_VALUE, -1}) {
      byte[] file = file(side, side, 8, 0, new byte[0], new byte[4]);
      assertThat(file.length).isLessThan(64);
      assertThatThrownBy(() -> ImageDecoder.decode(file)).isInstanceOf(InvalidImageException.class);
    }
    byte[] file = file(6_000, 6_000, 8, 0, new byte[0], new byte[30_000]);
    assertThatThrownBy(() -> ImageDecoder.decode(file))
        .hasMessageContaining("expected 6000x6000 pixels, found 30000 bytes that cannot hold them");
  }

  @Test
  void rejectsSecondHeader() {
    byte[] file = file(16, 16, 8, 0, new byte[0], deflate(new byte[17 * 16]));
    byte[] twice =
        ByteBuffer.allocate(file.length + 25)
            .put(file, 0, 33)
            .put(file, 8, file.length - 8)
            .array();
    assertThatThrownBy(() -> ImageDecoder.decode(twice))
        .isInstanceOf(InvalidImageException.class)
        .hasMessageContaining("its one header, found chunk IHDR at byte 33");
  }

  private static byte[] deflate(byte[] rows) {
    var deflater = new Deflater();
    deflater.setInput(rows);
    deflater.finish();
    var out = new byte[rows.length + 64];
    int size = deflater.deflate(out);
    deflater.end();
    return Arrays.copyOf(out, size);
  }

  private static byte[] file(
      int width, int height, int depth, int colourType, byte[] palette, byte[] data) {
    var out = new ByteArrayOutputStream();
    out.writeBytes("\u0089PNG\r\n\u001A\n".getBytes(StandardCharsets.ISO_8859_1));
    byte[] header =
        ByteBuffer.allocate(13)
            .putInt(width)
            .putInt(height)
            .put((byte) depth)
            .put((byte) colourType)
            .array();
    out.writeBytes(chunk("IHDR", header));
    if (palette.length > 0) {
      out.writeBytes(chunk("PLTE", palette));
    }
    out.writeBytes(chunk("IDAT", data));
    out.writeBytes(chunk("IEND", new byte[0]));
    return out.toByteArray();
  }

  private static byte[] chunk(String name, byte[] data) {
    var chunk = ByteBuffer.allocate(12 + data.length).putInt(data.length);
    chunk.put(name.getBytes(StandardCharsets.US_ASCII)).put(data);
    var checksum = new CRC32();
    checksum.update(chunk.array(), 4, 4 + data.length);
    return chunk.putInt((int) checksum.getValue()).array();
  }
}
