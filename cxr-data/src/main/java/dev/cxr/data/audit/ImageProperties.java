package dev.cxr.data.audit;

import dev.cxr.data.image.DecodedImage;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.ImageDecoder;
import dev.cxr.data.image.ImageHeader;
import dev.cxr.data.index.ImageSource.FileSource;
import dev.cxr.data.index.Xray;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * What the audit keeps of an image instead of its pixels.
 *
 * @param pixelHash SHA-256 of width, height and pixels, as hex digits
 * @param width in pixels
 * @param height in pixels
 * @param mean of the pixels, 0 to 255
 * @param contrast standard deviation of the pixels, 0 to 127.5
 * @param range how much of the gray range it uses
 * @param notes what in its file breaks the standard but could be read
 * @param file the header of its file; a synthetic image has none
 */
record ImageProperties(
    Xray xray,
    String pixelHash,
    int width,
    int height,
    double mean,
    double contrast,
    GrayRange range,
    Thumbnail thumbnail,
    List<String> notes,
    Optional<ImageHeader> file) {

  /**
   * Reads the image.
   *
   * @throws IOException if it cannot be read or decoded
   */
  static ImageProperties of(Xray xray) throws IOException {
    if (xray.source() instanceof FileSource source) {
      DecodedImage decoded = ImageDecoder.decodeWithNotes(source.path(), source.window());
      ImageHeader header = ImageHeader.read(source.path());
      return of(xray, decoded.image(), decoded.notes(), Optional.of(header));
    }
    return of(xray, xray.source().read(), List.of(), Optional.empty());
  }

  static ImageProperties of(Xray xray, GrayImage image, Optional<ImageHeader> file) {
    return of(xray, image, List.of(), file);
  }

  private static ImageProperties of(
      Xray xray, GrayImage image, List<String> notes, Optional<ImageHeader> file) {
    var histogram = new int[256];
    for (byte pixel : image.pixels()) {
      histogram[Byte.toUnsignedInt(pixel)]++;
    }
    long sum = 0;
    long sumOfSquares = 0;
    for (int v = 0; v < histogram.length; v++) {
      sum += (long) histogram[v] * v;
      sumOfSquares += (long) histogram[v] * v * v;
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
        GrayRange.of(histogram),
        Thumbnail.of(image),
        notes,
        file);
  }
}
