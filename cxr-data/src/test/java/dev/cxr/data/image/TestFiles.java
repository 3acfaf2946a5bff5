package dev.cxr.data.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.jspecify.annotations.Nullable;

/** Small images, and files of them as the JDK writes them. */
final class TestFiles {

  private TestFiles() {}

  /** 40x30, smooth with a little noise, different in each channel, over all of its bits. */
  static BufferedImage testScene(int type) {
    var image = new BufferedImage(40, 30, type);
    var random = new Random(1);
    var raster = image.getRaster();
    int step = raster.getSampleModel().getSampleSize(0) == 16 ? 257 : 1;
    for (int y = 0; y < 30; y++) {
      for (int x = 0; x < 40; x++) {
        for (int b = 0; b < raster.getNumBands(); b++) {
          int sample = (x * 5 + y + b * 20) * step + random.nextInt(12 * step);
          raster.setSample(x, y, b, Math.min(sample, 256 * step - 1));
        }
      }
    }
    return image;
  }

  /** The first band, one byte per sample. */
  static byte[] firstBand(BufferedImage image) {
    int[] samples = image.getRaster().getSamples(0, 0, 40, 30, 0, (int[]) null);
    var bytes = new byte[samples.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) samples[i];
    }
    return bytes;
  }

  /** Valid files of every format and kind, by name. */
  static Map<String, byte[]> ofEveryFormat() throws IOException {
    BufferedImage gray = testScene(BufferedImage.TYPE_BYTE_GRAY);
    BufferedImage wide = testScene(BufferedImage.TYPE_USHORT_GRAY);
    BufferedImage colour = testScene(BufferedImage.TYPE_3BYTE_BGR);
    BufferedImage clear = testScene(BufferedImage.TYPE_4BYTE_ABGR);
    BufferedImage palette = testScene(BufferedImage.TYPE_BYTE_INDEXED);
    byte[] jpeg = jpeg(gray, false);
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("gray.jpeg", jpeg);
    files.put("gray-progressive.jpeg", jpeg(gray, true));
    files.put("colour.jpeg", jpeg(colour, false));
    files.put("colour-progressive.jpeg", jpeg(colour, true));
    files.put("gray.png", png(gray));
    files.put("gray-16.png", png(wide));
    files.put("gray-interlaced.png", interlacedPng(gray));
    files.put("colour.png", png(colour));
    files.put("clear-interlaced.png", interlacedPng(clear));
    files.put("palette.png", png(palette));
    files.put("gray.tiff", tiff(gray, null, 0));
    files.put("gray-16-lzw.tiff", tiff(wide, "LZW", 0));
    files.put("gray-packbits.tiff", tiff(gray, "PackBits", 0));
    files.put("colour-deflate-tiles.tiff", tiff(colour, "Deflate", 16));
    files.put("clear-lzw-tiles.tiff", tiff(clear, "LZW", 32));
    files.put("palette.tiff", tiff(palette, null, 0));
    var image = new GrayImage(40, 30, firstBand(gray));
    var samples = new short[1200];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (short) (wide.getRaster().getSample(i % 40, i / 40, 0) >> 4);
    }
    byte[] item = new DicomBuilder(DicomBuilder.EXPLICIT).dataSet();
    files.put(
        "explicit.dcm",
        DicomBuilder.of(DicomBuilder.EXPLICIT, image)
            .items(0x0008_1115, "SQ", DicomBuilder.openItem(item), DicomBuilder.item(item))
            .bytes());
    files.put("implicit.dcm", DicomBuilder.of(DicomBuilder.IMPLICIT, image).bytes());
    files.put("12-bits.dcm", DicomBuilder.of(40, 30, 12, samples).bytes());
    files.put(
        "window.dcm",
        DicomBuilder.of(40, 30, 12, samples)
            .text(DicomBuilder.PHOTOMETRIC, "CS", "MONOCHROME1")
            .text(DicomBuilder.WINDOW_CENTER, "DS", "2048")
            .text(DicomBuilder.WINDOW_WIDTH, "DS", "3000")
            .bytes());
    files.put("jpeg.dcm", DicomBuilder.ofJpeg(40, 30, 1, jpeg).bytes());
    CodedImages.dicomFiles().forEach((name, file) -> files.put(name, file.bytes()));
    return files;
  }

  static double meanDifference(byte[] a, byte[] b) {
    assertThat(a).hasSameSizeAs(b);
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.abs((a[i] & 0xFF) - (b[i] & 0xFF));
    }
    return sum / a.length;
  }

  static byte[] png(BufferedImage image) throws IOException {
    var out = new ByteArrayOutputStream();
    assertThat(ImageIO.write(image, "png", out)).isTrue();
    return out.toByteArray();
  }

  static byte[] interlacedPng(BufferedImage image) throws IOException {
    ImageWriter writer = jdkWriter("png");
    ImageWriteParam param = writer.getDefaultWriteParam();
    param.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
    return write(writer, new IIOImage(image, null, null), param);
  }

  static byte[] jpeg(BufferedImage image, boolean progressive) throws IOException {
    return jpeg(new IIOImage(image, null, null), progressive);
  }

  static byte[] jpeg(IIOImage image, boolean progressive) throws IOException {
    ImageWriter writer = jdkWriter("jpeg");
    ImageWriteParam param = writer.getDefaultWriteParam();
    if (progressive) {
      param.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
    }
    return write(writer, image, param);
  }

  /**
   * A TIFF.
   *
   * @param compression as the JDK's writer calls it, none if null
   * @param tile the side of square tiles, 0 for strips
   */
  static byte[] tiff(BufferedImage image, @Nullable String compression, int tile)
      throws IOException {
    ImageWriter writer = jdkWriter("tiff");
    ImageWriteParam param = writer.getDefaultWriteParam();
    if (compression != null) {
      param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      param.setCompressionType(compression);
    }
    if (tile > 0) {
      param.setTilingMode(ImageWriteParam.MODE_EXPLICIT);
      param.setTiling(tile, tile, 0, 0);
    }
    return write(writer, new IIOImage(image, null, null), param);
  }

  private static byte[] write(ImageWriter writer, IIOImage image, ImageWriteParam param)
      throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new MemoryCacheImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.write(null, image, param);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  private static ImageWriter jdkWriter(String format) {
    var writers = ImageIO.getImageWritersByFormatName(format);
    while (writers.hasNext()) {
      ImageWriter writer = writers.next();
      if (writer.getClass().getName().startsWith("com.sun.")) {
        return writer;
      }
    }
    throw new IllegalStateException("the JDK writes no " + format);
  }
}
