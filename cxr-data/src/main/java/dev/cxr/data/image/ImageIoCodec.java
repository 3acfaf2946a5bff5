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
 * Image readers, created by their own providers. ImageIO's choice of a reader would depend on the
 * class loader and on the order of registration.
 */
@SuppressWarnings("ImmutableEnumChecker") // a provider has no state
enum ImageIoCodec {
  JPEG(jdkProvider("com.sun.imageio.plugins.jpeg.JPEGImageReaderSpi")),
  PNG(jdkProvider("com.sun.imageio.plugins.png.PNGImageReaderSpi")),
  TIFF(new TIFFImageReaderSpi());

  private final ImageReaderSpi provider;

  ImageIoCodec(ImageReaderSpi provider) {
    this.provider = provider;
  }

  /**
   * Decodes an image whose first band is gray.
   *
   * @return {@code width * height} bytes
   * @throws InvalidImageException at the first error or warning of the reader
   */
  byte[] readGray(byte[] encoded, int width, int height) throws IOException {
    var image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    read(encoded, image);
    return ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
  }

  /**
   * Decodes an image and converts its samples to gray.
   *
   * @param bands as for {@link GrayRaster#imageOver}
   * @param sixteenBit as for {@link GrayRaster#imageOver}
   * @return {@code width * height} bytes
   * @throws InvalidImageException at the first error or warning of the reader
   */
  byte[] readConvertingToGray(byte[] encoded, int width, int height, int bands, boolean sixteenBit)
      throws IOException {
    var gray = new byte[width * height];
    read(encoded, GrayRaster.imageOver(gray, width, height, bands, sixteenBit));
    return gray;
  }

  private void read(byte[] encoded, BufferedImage destination) throws IOException {
    ImageReader reader = provider.createReaderInstance(); // readers are not thread-safe
    try (var in = new ByteArrayImageInputStream(encoded)) {
      reader.setInput(in, true, true);
      // Thrown through the reader, which would otherwise continue after a warning.
      reader.addIIOReadWarningListener(
          (source, warning) -> {
            throw new UncheckedIOException(damaged(warning, null));
          });
      ImageReadParam into = reader.getDefaultReadParam();
      into.setDestination(destination);
      reader.read(0, into);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (IOException | RuntimeException e) { // readers throw both on damage
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

  /** Looks up a provider of the JDK by its class; it is always registered. */
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
}
