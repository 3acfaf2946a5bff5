package dev.cxr.data.audit;

import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.ImageHeader;
import dev.cxr.data.index.ImageSource.FileSource;
import dev.cxr.data.index.Xray;
import java.io.IOException;
import java.util.Optional;

/**
 * What the audit keeps of an image instead of its pixels.
 *
 * @param pixelHash SHA-256 of width, height and pixels, as hex digits
 * @param width in pixels
 * @param height in pixels
 * @param mean of the pixels, 0 to 255
 * @param contrast standard deviation of the pixels, 0 to 127.5
 * @param file the header of its file; a synthetic image has none
 */
record ImageProperties(
    Xray xray,
    String pixelHash,
    int width,
    int height,
    double mean,
    double contrast,
    Thumbnail thumbnail,
    Optional<ImageHeader> file) {

  /**
   * Reads the image.
   *
   * @throws IOException if it cannot be read or decoded
   */
  static ImageProperties of(Xray xray) throws IOException {
    GrayImage image = xray.source().read();
    return of(
        xray,
        image,
        xray.source() instanceof FileSource source
            ? Optional.of(ImageHeader.read(source.path()))
            : Optional.empty());
  }

  static ImageProperties of(Xray xray, GrayImage image, Optional<ImageHeader> file) {
    long sum = 0;
    long sumOfSquares = 0;
    for (byte pixel : image.pixels()) {
      long v = Byte.toUnsignedInt(pixel);
      sum += v;
      sumOfSquares += v * v;
    }
    double count = image.pixels().length;
    double mean = sum / count;
    return new ImageProperties(
        xray,
        image.sha256(),
        image.width(),
        image.height(),
        mean,
        Math.sqrt(Math.max(0, sumOfSquares / count - mean * mean)),
        Thumbnail.of(image),
        file);
  }
}
