package dev.cxr.data.image;

import com.twelvemonkeys.imageio.plugins.jpeg.JPEGImageReaderSpi;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.zip.CRC32;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.spi.ServiceRegistry;

/**
 * The file formats read: how each begins, which reader decodes it, and which of its parts are the
 * picture.
 *
 * <p>Only those parts reach the reader. Colour profiles then cannot change a pixel, metadata cannot
 * fail a picture, and whatever a reader still warns of concerns the picture itself.
 */
enum ImageFormat {
  /** Baseline, progressive and lossless JPEG (ITU-T T.81), read by TwelveMonkeys. */
  JPEG("\u00FF\u00D8\u00FF") {
    @Override
    ImageReader newReader() throws IOException {
      return JpegProvider.INSTANCE.createReaderInstance();
    }

    @Override
    byte[] pictureOf(byte[] file) throws ImageRefusedException {
      var kept = new ByteArrayOutputStream(file.length);
      kept.write(file, 0, 2);
      int at = 2;
      while (true) {
        if (at + 4 > file.length) {
          throw truncated(file);
        }
        if (file[at] != (byte) 0xFF) {
          throw new ImageRefusedException(
              "expected a JPEG marker at byte %d, found 0x%02X: the file is damaged, fetch it again"
                  .formatted(at, file[at]));
        }
        int marker = file[at + 1] & 0xFF;
        if (marker == 0xFF) { // a fill byte
          at++;
          continue;
        }
        if (marker == START_OF_SCAN) {
          kept.write(file, at, file.length - at);
          return kept.toByteArray();
        }
        int end = at + 2 + Short.toUnsignedInt(ByteBuffer.wrap(file).getShort(at + 2));
        if (marker == END_OF_IMAGE || end > file.length) {
          throw truncated(file);
        }
        if (isStartOfFrame(marker) && at + 9 < end && file[at + 9] > 3) {
          throw new ImageRefusedException(
              "expected gray or colour with up to 3 channels, found a JPEG of %d (CMYK):"
                      .formatted(file[at + 9])
                  + " convert it to gray");
        }
        if (isPicture(marker, file, at)) {
          kept.write(file, at, end - at);
        }
        at = end;
      }
    }

    /** JFIF and Adobe segments tell the colour transform; no other comment or APPn is needed. */
    private boolean isPicture(int marker, byte[] file, int at) {
      return switch (marker) {
        case APP0 -> Arrays.equals(JFIF, 0, JFIF.length, file, at + 4, at + 4 + JFIF.length);
        case APP14 -> true;
        default -> marker < APP0;
      };
    }

    private boolean isStartOfFrame(int marker) {
      return marker >= 0xC0
          && marker <= 0xCF
          && marker != 0xC4 // Huffman tables
          && marker != 0xC8 // reserved
          && marker != 0xCC; // arithmetic conditioning
    }
  },

  /** PNG (W3C PNG specification), read by the JDK. */
  PNG("\u0089PNG\r\n\u001A\n") {
    @Override
    ImageReader newReader() throws IOException {
      return PngProvider.INSTANCE.createReaderInstance();
    }

    @Override
    byte[] pictureOf(byte[] file) throws ImageRefusedException {
      var kept = new ByteArrayOutputStream(file.length);
      kept.write(file, 0, 8);
      var in = ByteBuffer.wrap(file);
      int at = 8;
      while (true) {
        if (file.length - at < 12) {
          throw truncated(file);
        }
        long end = at + 12 + Integer.toUnsignedLong(in.getInt(at));
        if (end > file.length) {
          throw truncated(file);
        }
        int size = (int) end - at;
        var name = new String(file, at + 4, 4, StandardCharsets.ISO_8859_1);
        // The JDK's reader passes over the checksums, and so over damage.
        var checksum = new CRC32();
        checksum.update(file, at + 4, size - 8);
        if ((int) checksum.getValue() != in.getInt((int) end - 4)) {
          throw new ImageRefusedException(
              "expected PNG chunk %s to match its checksum, found that it does not:".formatted(name)
                  + " the file is damaged, fetch it again");
        }
        if (Character.isUpperCase(name.charAt(0))) { // a critical chunk
          kept.write(file, at, size);
        }
        if (name.equals("IEND")) {
          return kept.toByteArray();
        }
        at = (int) end;
      }
    }
  };

  private static final int START_OF_SCAN = 0xDA;
  private static final int END_OF_IMAGE = 0xD9;
  private static final int APP0 = 0xE0;
  private static final int APP14 = 0xEE;
  private static final byte[] JFIF = {'J', 'F', 'I', 'F', 0};

  /** The first bytes, a char each. */
  private final String magic;

  ImageFormat(String magic) {
    this.magic = magic;
  }

  /** A reader of its own for each picture: readers are not safe for threads. */
  abstract ImageReader newReader() throws IOException;

  /**
   * The file without what is not picture, its structure checked on the way.
   *
   * @throws ImageRefusedException if the structure ends early or is broken
   */
  abstract byte[] pictureOf(byte[] file) throws ImageRefusedException;

  /**
   * The format of a file by its first bytes.
   *
   * @throws ImageRefusedException if it is none of these
   */
  static ImageFormat of(byte[] file) throws ImageRefusedException {
    var head = new String(file, 0, Math.min(8, file.length), StandardCharsets.ISO_8859_1);
    for (ImageFormat format : values()) {
      if (head.startsWith(format.magic)) {
        return format;
      }
    }
    throw new ImageRefusedException(
        "expected a JPEG (FF D8 FF) or PNG (89 50 4E 47) file, found %s: convert it to one of them"
            .formatted(beginning(file)));
  }

  private static String beginning(byte[] file) {
    if (file.length == 0) {
      return "no bytes";
    }
    var text = new StringBuilder("one that begins");
    for (int i = 0; i < Math.min(8, file.length); i++) {
      text.append(" %02X".formatted(file[i]));
    }
    return text.toString();
  }

  private static ImageRefusedException truncated(byte[] file) {
    return new ImageRefusedException(
        "expected more after byte %d, found the end: the file is truncated, fetch it again"
            .formatted(file.length));
  }

  /**
   * The JDK's own provider. It is always registered, and by class it is found whatever else is:
   * asking ImageIO for "a JPEG reader" would depend on who registered last.
   */
  private static ImageReaderSpi jdkProvider(String className) {
    Iterator<ImageReaderSpi> providers =
        IIORegistry.getDefaultInstance().getServiceProviders(ImageReaderSpi.class, false);
    while (providers.hasNext()) {
      ImageReaderSpi provider = providers.next();
      if (provider.getClass().getName().equals(className)) {
        return provider;
      }
    }
    throw new IllegalStateException(
        "Expected the JDK's image reader %s, found none: run on a JDK with the module java.desktop."
            .formatted(className));
  }

  // Holders, so that each provider is made when first needed, once.

  private static final class JpegProvider {
    static final JPEGImageReaderSpi INSTANCE = new JPEGImageReaderSpi();

    static {
      // TwelveMonkeys takes the JDK's provider to delegate to from the registry it is registered
      // with. One of our own leaves the process-wide registry as it is.
      var registry = new ServiceRegistry(List.<Class<?>>of(ImageReaderSpi.class).iterator());
      registry.registerServiceProvider(
          jdkProvider("com.sun.imageio.plugins.jpeg.JPEGImageReaderSpi"), ImageReaderSpi.class);
      registry.registerServiceProvider(INSTANCE, ImageReaderSpi.class);
    }
  }

  private static final class PngProvider {
    static final ImageReaderSpi INSTANCE =
        jdkProvider("com.sun.imageio.plugins.png.PNGImageReaderSpi");
  }
}
