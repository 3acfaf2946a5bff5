package dev.cxr.data.image;

import com.twelvemonkeys.imageio.plugins.tiff.TIFFImageReaderSpi;
import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import org.jspecify.annotations.Nullable;

/**
 * The image readers, each made by its own provider: asking ImageIO for "a JPEG reader" would depend
 * on the class loader and on who registered last.
 */
enum ImageIoCodec {
  /** The JDK's. */
  JPEG {
    @Override
    ImageReader newReader() throws IOException {
      return JpegProvider.INSTANCE.createReaderInstance();
    }
  },

  /** The JDK's. */
  PNG {
    @Override
    ImageReader newReader() throws IOException {
      return PngProvider.INSTANCE.createReaderInstance();
    }
  },

  /** TwelveMonkeys'. */
  TIFF {
    @Override
    ImageReader newReader() throws IOException {
      return TiffProvider.INSTANCE.createReaderInstance();
    }
  };

  /** A reader of its own for each image: readers are not safe for threads. */
  abstract ImageReader newReader() throws IOException;

  /**
   * Reads an image whose first band is its gray.
   *
   * @return {@code width * height} bytes
   * @throws InvalidImageException at the reader's first complaint, a warning included
   */
  byte[] readGray(byte[] encoded, int width, int height) throws IOException {
    var image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    read(encoded, image);
    return ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
  }

  /**
   * Reads an image and makes gray of its samples on the way.
   *
   * @param bands as for {@link GrayRaster#imageOver}
   * @param sixteenBit as for {@link GrayRaster#imageOver}
   * @return {@code width * height} bytes
   * @throws InvalidImageException at the reader's first complaint, a warning included
   */
  byte[] readConvertingToGray(byte[] encoded, int width, int height, int bands, boolean sixteenBit)
      throws IOException {
    var gray = new byte[width * height];
    read(encoded, GrayRaster.imageOver(gray, width, height, bands, sixteenBit));
    return gray;
  }

  private void read(byte[] encoded, BufferedImage destination) throws IOException {
    ImageReader reader = newReader();
    try (var in = new ByteArrayImageInputStream(encoded)) {
      reader.setInput(in, true, true);
      // Thrown through the reader: what follows a first warning is not worth decoding.
      reader.addIIOReadWarningListener(
          (source, warning) -> {
            throw new UncheckedIOException(damaged(warning, null));
          });
      ImageReadParam into = reader.getDefaultReadParam();
      into.setDestination(destination);
      reader.read(0, into);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (IOException | RuntimeException e) { // readers meet damage with either
      throw damaged(e.toString(), e);
    } finally {
      reader.dispose();
    }
  }

  private static InvalidImageException damaged(String what, @Nullable Exception cause) {
    return new InvalidImageException(
        "expected a complete image, the decoder found: %s. Fetch the file again or leave it out"
            .formatted(what),
        cause);
  }

  /** The JDK's own provider, by class: it is always registered. */
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
    static final ImageReaderSpi INSTANCE =
        jdkProvider("com.sun.imageio.plugins.jpeg.JPEGImageReaderSpi");
  }

  private static final class PngProvider {
    static final ImageReaderSpi INSTANCE =
        jdkProvider("com.sun.imageio.plugins.png.PNGImageReaderSpi");
  }

  private static final class TiffProvider {
    static final ImageReaderSpi INSTANCE = new TIFFImageReaderSpi();
  }
}
