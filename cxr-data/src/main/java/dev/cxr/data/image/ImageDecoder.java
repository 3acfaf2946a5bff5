package dev.cxr.data.image;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads JPEG and PNG files as gray pictures, whole or not at all.
 *
 * <p>Stored samples become gray as they are: a colour profile, a gamma chunk or an orientation tag
 * changes nothing. Colour becomes ITU-R BT.601 luma, {@code 0.299 R + 0.587 G + 0.114 B} rounded;
 * 16 bits become 8 by {@code round(v / 257)}; alpha is ignored; CMYK is refused.
 *
 * <p>Damage is refused where it can be seen: a missing end, a broken structure, a wrong PNG
 * checksum, a JPEG decoder's warning. JPEG has no checksums, so a changed byte that decodes to
 * other pixels without a warning passes.
 */
public final class ImageDecoder {
  private static final long MAX_FILE_BYTES = 64L << 20;
  private static final int MIN_SIDE = 16;
  private static final int MAX_SIDE = 16_384;
  private static final long MAX_PIXELS = 40_000_000;

  private ImageDecoder() {}

  /**
   * Reads a picture from a file.
   *
   * @param file a JPEG or PNG file of at most 64 MiB, 16 to 16384 pixels a side and 40 million in
   *     all; its bytes decide, not its name
   * @return the picture at its own size
   * @throws ImageRefusedException if the file is another format, out of these bounds, CMYK,
   *     truncated or damaged; the message names it
   * @throws IOException if the file cannot be read
   */
  public static GrayImage decode(Path file) throws IOException {
    try {
      requireSmall(Files.size(file));
      return decode(Files.readAllBytes(file));
    } catch (ImageRefusedException e) {
      throw new ImageRefusedException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Reads a picture from the bytes of a file.
   *
   * @param file as for {@link #decode(Path)}
   * @return the picture at its own size
   * @throws ImageRefusedException as for {@link #decode(Path)}
   * @throws IOException if the reader fails to start
   */
  public static GrayImage decode(byte[] file) throws IOException {
    requireSmall(file.length);
    var format = ImageFormat.of(file);
    byte[] picture = format.pictureOf(file);
    ImageReader reader = format.newReader();
    try (var in = new MemoryCacheImageInputStream(new ByteArrayInputStream(picture))) {
      return toGray(read(reader, in));
    } finally {
      reader.dispose();
    }
  }

  private static BufferedImage read(ImageReader reader, MemoryCacheImageInputStream in)
      throws ImageRefusedException {
    var warnings = new ArrayList<String>();
    BufferedImage image;
    try {
      reader.setInput(in, true, true);
      reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
      requireBounds(reader.getWidth(0), reader.getHeight(0));
      image = reader.read(0);
    } catch (ImageRefusedException e) {
      throw e;
    } catch (IOException | RuntimeException e) { // readers meet damage with either
      throw damaged(e.toString(), e);
    }
    if (!warnings.isEmpty()) {
      throw damaged(warnings.get(0), null);
    }
    return image;
  }

  private static ImageRefusedException damaged(String what, @Nullable Exception cause) {
    return new ImageRefusedException(
        "expected a whole picture, the decoder found: %s. Fetch the file again or leave it out"
            .formatted(what),
        cause);
  }

  private static void requireSmall(long bytes) throws ImageRefusedException {
    if (bytes > MAX_FILE_BYTES) {
      throw new ImageRefusedException(
          "expected at most %d bytes, found %d: save the picture smaller"
              .formatted(MAX_FILE_BYTES, bytes));
    }
  }

  private static void requireBounds(int width, int height) throws ImageRefusedException {
    if (Math.min(width, height) < MIN_SIDE
        || Math.max(width, height) > MAX_SIDE
        || (long) width * height > MAX_PIXELS) {
      throw new ImageRefusedException(
          "expected sides of %d to %d and at most %d pixels, found %dx%d: resize the picture"
              .formatted(MIN_SIDE, MAX_SIDE, MAX_PIXELS, width, height));
    }
  }

  /** From the raster, not through the colour model: Java's gray space would apply its own gamma. */
  private static GrayImage toGray(BufferedImage image) throws ImageRefusedException {
    Raster raster = image.getRaster();
    int width = raster.getWidth();
    int height = raster.getHeight();
    var pixels = new byte[width * height];
    boolean wide = raster.getTransferType() == DataBuffer.TYPE_USHORT;
    if (image.getColorModel() instanceof IndexColorModel palette) {
      byte[] grays = grays(palette);
      var index = new int[width];
      for (int y = 0; y < height; y++) {
        raster.getSamples(0, y, width, 1, 0, index);
        for (int x = 0; x < width; x++) {
          pixels[y * width + x] = grays[index[x]];
        }
      }
    } else if (raster.getNumBands() <= 2) { // gray, or gray and alpha
      var gray = new int[width];
      for (int y = 0; y < height; y++) {
        raster.getSamples(0, y, width, 1, 0, gray);
        for (int x = 0; x < width; x++) {
          pixels[y * width + x] = (byte) toByte(gray[x], wide);
        }
      }
    } else {
      var red = new int[width];
      var green = new int[width];
      var blue = new int[width];
      for (int y = 0; y < height; y++) {
        raster.getSamples(0, y, width, 1, 0, red);
        raster.getSamples(0, y, width, 1, 1, green);
        raster.getSamples(0, y, width, 1, 2, blue);
        for (int x = 0; x < width; x++) {
          pixels[y * width + x] = (byte) toByte(luma(red[x], green[x], blue[x]), wide);
        }
      }
    }
    return new GrayImage(width, height, pixels);
  }

  private static byte[] grays(IndexColorModel palette) {
    var grays = new byte[palette.getMapSize()];
    for (int i = 0; i < grays.length; i++) {
      grays[i] = (byte) luma(palette.getRed(i), palette.getGreen(i), palette.getBlue(i));
    }
    return grays;
  }

  private static int luma(int red, int green, int blue) {
    return (299 * red + 587 * green + 114 * blue + 500) / 1000;
  }

  /** libpng's exact rounding of {@code v / 257}. */
  private static int toByte(int sample, boolean wide) {
    return wide ? (int) ((sample * 255L + 32_895) >> 16) : sample;
  }
}
