package dev.cxr.serve.support;

import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.Resampler;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.DatasetReader;
import dev.cxr.data.index.ValidationSplitRule;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferUShort;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;

/** Image files of synthetic X-rays, as clients send them. */
public final class TestImages {

  /** Must not appear in any log, metric or page. */
  public static final String PATIENT_NAME = "MUSTERMANN^ERIKA";

  private static final List<GrayImage> IMAGES = loadImages();

  private TestImages() {}

  private static List<GrayImage> loadImages() {
    try {
      var xrays = DatasetReader.read(DatasetIndex.SYNTHETIC, ValidationSplitRule.DEFAULT).xrays();
      return List.of(
          xrays.get(5).source().read(),
          xrays.get(100).source().read(),
          xrays.get(200).source().read(),
          xrays.get(300).source().read());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A synthetic X-ray. */
  public static GrayImage image(int number) {
    return IMAGES.get(number % IMAGES.size());
  }

  /** As an 8-bit gray JPEG. */
  public static byte[] jpeg(int number) {
    return write(buffered(image(number), BufferedImage.TYPE_BYTE_GRAY), "jpeg");
  }

  /** As a gray JPEG of another size. */
  public static byte[] jpeg(int number, int width, int height) {
    GrayImage resized = Resampler.resize(image(number), width, height);
    return write(buffered(resized, BufferedImage.TYPE_BYTE_GRAY), "jpeg");
  }

  /** As a colour JPEG. */
  public static byte[] colorJpeg(int number) {
    return write(buffered(image(number), BufferedImage.TYPE_3BYTE_BGR), "jpeg");
  }

  /** As an 8-bit gray PNG. */
  public static byte[] png(int number) {
    return write(buffered(image(number), BufferedImage.TYPE_BYTE_GRAY), "png");
  }

  /** As an RGB PNG. */
  public static byte[] colorPng(int number) {
    return write(buffered(image(number), BufferedImage.TYPE_3BYTE_BGR), "png");
  }

  /** As a 16-bit gray PNG with the same gray values. */
  public static byte[] png16(int number) {
    GrayImage image = image(number);
    BufferedImage deep =
        new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_USHORT_GRAY);
    short[] samples = ((DataBufferUShort) deep.getRaster().getDataBuffer()).getData();
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (short) ((image.pixels()[i] & 0xFF) * 257);
    }
    return write(deep, "png");
  }

  /** In any format that Java can write, such as {@code gif} and {@code bmp}. */
  public static byte[] encode(String format, int number) {
    return write(buffered(image(number), BufferedImage.TYPE_BYTE_GRAY), format);
  }

  /** As an uncompressed DICOM file of {@link #PATIENT_NAME}. */
  public static byte[] dicom(int number) {
    GrayImage image = image(number);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[128]);
    out.writeBytes("DICM".getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(element(0x0002_0010, "UI", text("1.2.840.10008.1.2.1\0")));
    out.writeBytes(element(0x0008_0060, "CS", text("DX")));
    out.writeBytes(element(0x0010_0010, "PN", text(PATIENT_NAME)));
    out.writeBytes(element(0x0028_0002, "US", number16(1)));
    out.writeBytes(element(0x0028_0004, "CS", text("MONOCHROME2 ")));
    out.writeBytes(element(0x0028_0010, "US", number16(image.height())));
    out.writeBytes(element(0x0028_0011, "US", number16(image.width())));
    out.writeBytes(element(0x0028_0100, "US", number16(8)));
    out.writeBytes(element(0x0028_0101, "US", number16(8)));
    out.writeBytes(element(0x0028_0102, "US", number16(7)));
    out.writeBytes(element(0x0028_0103, "US", number16(0)));
    out.writeBytes(element(0x7FE0_0010, "OW", image.pixels()));
    return out.toByteArray();
  }

  private static byte[] text(String value) {
    return value.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] number16(int value) {
    return new byte[] {(byte) value, (byte) (value >> 8)};
  }

  private static byte[] element(int tag, String kind, byte[] value) {
    boolean isLong = kind.equals("OW");
    ByteBuffer bytes =
        ByteBuffer.allocate((isLong ? 12 : 8) + value.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putShort((short) (tag >>> 16)).putShort((short) tag).put(text(kind));
    if (isLong) {
      bytes.putShort((short) 0).putInt(value.length);
    } else {
      bytes.putShort((short) value.length);
    }
    return bytes.put(value).array();
  }

  private static BufferedImage buffered(GrayImage image, int type) {
    BufferedImage buffered = new BufferedImage(image.width(), image.height(), type);
    int bands = buffered.getRaster().getNumBands();
    IntStream.range(0, bands)
        .forEach(
            band -> {
              int[] samples = new int[image.pixels().length];
              for (int i = 0; i < samples.length; i++) {
                samples[i] = image.pixels()[i] & 0xFF;
              }
              buffered.getRaster().setSamples(0, 0, image.width(), image.height(), band, samples);
            });
    return buffered;
  }

  private static byte[] write(BufferedImage buffered, String format) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(buffered, format, bytes)) {
        throw new IllegalStateException("this Java writes no " + format);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
